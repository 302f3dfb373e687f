"""Logging in with a real provider, a real server and a real browser: who is let in, as what, for
how long."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from oidc_provider_mock import run_server_in_thread
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from dashboards.access import log
from dashboards.i18n import words
from tests.browser.reader import SECONDS, click_text, wait_title
from tests.browser.server import serving
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("browser")
FR = words("fr")
SECRET = "a secret of forty letters for these tests"
CONTACT = "service-vigie@cna.example"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def home(built_world, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("login")
    copy_of(built_world("fund") / "releases", folder / "releases")
    (folder / "keys").mkdir()
    return folder


@pytest.fixture(scope="module")
def pages(home, provider, tmp_path_factory) -> Iterator[str]:
    """Address of pages that ask for a login."""
    file = home / "keys" / "login.toml"
    file.touch(0o600)
    file.write_text(
        f"""
[auth]
redirect_uri = "http://localhost:{{port}}/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "vigie"
client_secret = "none of this provider's"
server_metadata_url = "{provider}/.well-known/openid-configuration"
[vigie]
contact = "{CONTACT}"
[vigie.groups]
recovery = ["GG Recouvrement"]
""",
        encoding="utf-8",
    )
    log_file = tmp_path_factory.mktemp("server") / "log"
    with serving(home, log_file, "--secrets.files", str(file)) as address:
        # The provider sends the browser back to this name: cookies are of a host.
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def browser(open_browser, pages):
    browser = open_browser()
    browser.get(f"{pages}/_stcore/health")
    browser.delete_all_cookies()
    yield browser
    browser.delete_all_cookies()


@pytest.fixture
def known(provider) -> Callable[..., None]:
    """Say what the provider knows of somebody."""

    def tell(subject: str, **claims: object) -> None:
        body = json.dumps(claims).encode()
        header = {"Content-Type": "application/json"}
        urlopen(Request(f"{provider}/users/{subject}", body, header, method="PUT")).close()

    return tell


def log_in(browser, subject: str, said: Mapping[str, str] = FR) -> None:
    click_text(browser, said["login"])
    field = WebDriverWait(browser, SECONDS).until(lambda b: b.find_elements(By.NAME, "sub"))[0]
    field.send_keys(subject)
    field.submit()


def wait_text(browser, text: str) -> None:
    """Wait for a text on the page, whatever blanks and joiners are in it."""

    def plain(written: str) -> str:
        return written.replace("\u00a0", " ").replace("\u2060", "")

    WebDriverWait(browser, SECONDS, 0.1, ignored_exceptions=[Exception]).until(
        lambda b: plain(text) in plain(b.find_element(By.TAG_NAME, "body").text)
    )


def listed_pages(browser) -> set[str]:
    links = browser.find_elements(By.CSS_SELECTOR, "[data-testid='stSidebarNavLink']")
    return {link.get_attribute("href").rpartition("/")[2].partition("?")[0] for link in links}


def test_a_stranger_sees_no_page(browser, pages):
    browser.get(f"{pages}/worklist?lang=fr")
    wait_text(browser, FR["login_please"])
    assert listed_pages(browser) == set()
    assert FR["worklist_title"] not in browser.find_element(By.TAG_NAME, "body").text


def test_a_login_opens_the_pages_of_its_roles_and_a_logout_closes_them(browser, pages, known, home):
    """Another page than those of the role is answered by a sentence; a role that is taken away is
    gone at the next login."""
    known("marie", name="Marie Dubois", roles=["management", "no such role"], offices="ALL")
    browser.get(f"{pages}/?lang=fr")
    log_in(browser, "marie")
    wait_title(browser, FR["home_title"])
    wait_text(browser, "Marie Dubois · Direction")
    assert "worklist" not in listed_pages(browser)
    assert "cohorts" in listed_pages(browser)
    browser.get(f"{pages}/worklist?lang=fr")
    wait_text(browser, FR["access_page_not_yours"].partition("{")[2].partition("}")[2][:20])
    assert FR["worklist_title"] not in browser.find_element(By.TAG_NAME, "body").text

    lines = [line.access for line in log.read(home).lines if line.access.subject == "marie"]
    assert [(one.what, one.page) for one in lines[:2]] == [("login", ""), ("page", "home")]
    assert {one.roles for one in lines} == {("management",)}

    known("marie", name="Marie Dubois", roles=["operations"])
    click_text(browser, FR["logout"])
    leave_provider(browser)
    browser.get(f"{pages}/?lang=fr")
    wait_text(browser, FR["login_please"])
    log_in(browser, "marie")
    wait_title(browser, FR["home_title"])
    assert "deliveries" in listed_pages(browser)
    assert "contributions" not in listed_pages(browser)


def leave_provider(browser) -> None:
    """The cookie is gone once the browser has been sent away."""
    WebDriverWait(browser, SECONDS).until(
        lambda b: "localhost" in b.current_url and not b.get_cookie(USER_COOKIE_NAME)
    )


def test_a_group_of_the_provider_gives_a_role_within_an_office(browser, pages, known, fund_offices):
    """An agent sees the accounts of their office alone."""
    office, theirs, other = fund_offices
    known("piet", name="Piet Maes", roles=["GG Recouvrement"], offices=[office])
    browser.get(f"{pages}/?lang=fr")
    log_in(browser, "piet")
    wait_text(browser, "Piet Maes")
    browser.get(f"{pages}/account?lang=fr&account={theirs}")
    wait_text(browser, FR["account_of"].partition("{")[0].strip())
    browser.get(f"{pages}/account?lang=fr&account={other}")
    wait_text(browser, FR["account_unknown"].replace("{account}", other)[:25])


def test_a_login_leads_to_what_was_asked_for_in_its_language(browser, pages, known, fund_offices):
    """The provider leads back to the root alone; the browser keeps the rest, once."""
    nl, account = words("nl"), fund_offices[1]
    known("els", name="Els Peeters", roles=["recovery"], offices="ALL")
    browser.get(f"{pages}/account?account={account}&lang=nl")
    wait_text(browser, nl["login_please"])
    log_in(browser, "els", nl)
    wait_text(browser, account)
    wait_title(browser, nl["account_title"])
    asked = urlsplit(browser.current_url)
    assert asked.path == "/account"
    assert parse_qs(asked.query) == {"account": [account], "lang": ["nl"]}
    # Taken up once: the root is the root again, and another address is itself.
    browser.get(f"{pages}/?lang=nl")
    wait_title(browser, nl["home_title"])
    assert urlsplit(browser.current_url).path == "/"


def test_an_address_kept_for_another_machine_leads_nowhere(browser, pages, known):
    known("els", name="Els Peeters", roles=["recovery"], offices="ALL")
    browser.get(f"{pages}/?lang=nl")
    nl = words("nl")
    wait_text(browser, nl["login_please"])
    time.sleep(1)  # The page has kept its own address by now.
    browser.execute_script("sessionStorage.setItem('vigie_wanted', '//example.org/worklist')")
    log_in(browser, "els", nl)
    wait_text(browser, "Els Peeters")
    time.sleep(1)
    assert urlsplit(browser.current_url).netloc == urlsplit(pages).netloc


@pytest.fixture(scope="module")
def fund_offices(home) -> tuple[str, str, str]:
    """An office, an account of it and one of another."""
    from release.reader import open_release

    rows = (
        open_release(home)
        .cursor()
        .execute(
            "select office_code, min(affiliate_id) from core.dim_affiliate"
            " where affiliate_id in (select account_id from contribution.fct_account_balances)"
            " group by all order by 1 limit 2"
        )
        .fetchall()
    )
    return rows[0][0], rows[0][1], rows[1][1]


def test_without_a_role_one_is_told_whom_to_ask(browser, pages, known):
    known("jan", name="Jan", roles=["cleaning"])
    browser.get(f"{pages}/?lang=fr")
    log_in(browser, "jan")
    wait_text(browser, CONTACT)
    assert listed_pages(browser) == set()


def put_cookie(browser, pages: str, secret: str, **claims: object) -> None:
    """A cookie as the server signs it."""
    value = {"sub": "marie", "name": "Marie", "roles": ["management"], "is_logged_in": True}
    value |= {"origin": pages, **claims}
    signed = create_signed_value(secret, USER_COOKIE_NAME, json.dumps(value)).decode()
    browser.add_cookie({"name": USER_COOKIE_NAME, "value": signed, "path": "/"})


HOUR = 3600


@pytest.mark.parametrize(
    ("age", "told"),
    [
        ({"iat": -HOUR, "exp": HOUR}, "home_title"),
        ({"iat": -HOUR, "auth_time": -9 * HOUR, "exp": HOUR}, "login_over"),
    ],
    ids=["fresh", "shown long ago"],
)
def test_a_login_ends_long_before_its_cookie(browser, pages, age, told):
    now = time.time()
    put_cookie(browser, pages, SECRET, **{name: now + seconds for name, seconds in age.items()})
    browser.get(f"{pages}/?lang=fr")
    wait_text(browser, FR[told])


def test_a_cookie_of_another_hand_lets_nobody_in(browser, pages):
    now = time.time()
    put_cookie(browser, pages, SECRET[::-1], iat=now, exp=now + HOUR)
    browser.get(f"{pages}/?lang=fr")
    wait_text(browser, FR["login_please"])

"""Who somebody is by their token, how long that counts, and how a login may be set up."""

from __future__ import annotations

import pytest

from dashboards.access import login
from dashboards.access.errors import LoginError
from dashboards.i18n import LANGUAGES, Language

HOUR, NOW = 3600, 1_800_000_000
HOW = login.Setup()
AUTH = {
    "redirect_uri": "https://vigie.example/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "vigie",
    "client_secret": "secret",
    "server_metadata_url": "https://id.example/.well-known/openid-configuration",
}


@pytest.mark.parametrize(
    ("claims", "lasts"),
    [
        ({"iat": NOW - HOUR, "exp": NOW + HOUR}, True),
        ({"iat": NOW - 7 * HOUR, "exp": NOW + HOUR}, True),
        ({"iat": NOW - 9 * HOUR, "exp": NOW + HOUR}, False),
        # A new token for somebody who showed who they are long ago.
        ({"iat": NOW, "auth_time": NOW - 9 * HOUR, "exp": NOW + HOUR}, False),
        ({"iat": NOW - HOUR, "exp": NOW - HOUR}, False),
        ({"iat": NOW - HOUR}, False),
        ({"exp": NOW + HOUR}, False),
        ({"iat": NOW + HOUR, "exp": NOW + 2 * HOUR}, False),
        ({"iat": str(NOW), "exp": NOW + HOUR}, False),
        ({"iat": True, "exp": NOW + HOUR}, False),
        ({"iat": float("nan"), "exp": NOW + HOUR}, False),
        ({"iat": NOW, "exp": float("nan")}, False),
        ({}, False),
    ],
)
def test_a_login_lasts_its_hours_and_no_longer_than_its_token(claims, lasts):
    assert login.lasts(claims, HOW, NOW) is lasts


@pytest.mark.parametrize(
    ("roles", "known"),
    [
        (["recovery", "management"], ("management", "recovery")),
        ("recovery management", ("management", "recovery")),
        ("recovery,management", ("management", "recovery")),
        (["RECOVERY", "admin", 7, None], ()),
        ({"recovery": True}, ()),
        (None, ()),
        (["open", "persons", "*"], ()),
        (["GG-Vigie-Invordering"], ("recovery",)),
    ],
)
def test_only_roles_that_exist_count(roles, known):
    how = login.Setup(groups={"recovery": ["GG-Vigie-Invordering"]})
    person = login.person_of({"sub": "1", "name": "A", "roles": roles}, how)
    assert person.roles == known
    assert person.is_known


def test_offices_are_those_of_the_claim_and_none_without():
    def offices(value):
        return login.person_of({"sub": "1", "offices": value}, HOW).offices

    assert offices(["BXL", "GNT"]) == {"BXL", "GNT"}
    assert offices("BXL,GNT") == {"BXL", "GNT"}
    assert offices(None) == frozenset()
    assert offices([]) == frozenset()
    assert offices(["ALL"]) is None


def written(home, auth=AUTH, more="", mode=0o600):
    file = login.login_file(home)
    file.parent.mkdir(exist_ok=True)
    lines = [f'{name} = "{value}"' for name, value in auth.items()]
    file.write_text("\n".join(["[auth]", *lines, more]), encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_login_is_set_up_by_one_file(tmp_path):
    assert login.setup(tmp_path) is None
    written(tmp_path, more='[vigie]\nhours = 4\ncontact = "x"\n[vigie.groups]\naudit = []\n')
    with pytest.raises(LoginError):  # there is no role "audit"
        login.setup(tmp_path)
    written(tmp_path, more='[vigie]\nhours = 4\n[vigie.groups]\nauditor = ["GG"]\n')
    how = login.setup(tmp_path)
    assert (how.hours, how.groups) == (4, {"auditor": ["GG"]})
    assert login.public_host(tmp_path) == "vigie.example"


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"mode": 0o640}, "login_open"),
        ({"mode": 0o604}, "login_open"),
        ({"more": "[[["}, "login_unreadable"),
        ({"auth": {**AUTH, "client_id": ""}}, "login_lacks"),
        ({"auth": {k: v for k, v in AUTH.items() if k != "redirect_uri"}}, "login_lacks"),
        ({"auth": {**AUTH, "cookie_secret": "short"}}, "login_secret_short"),
        ({"auth": {**AUTH, "redirect_uri": "http://vigie.example/oauth2callback"}}, "login_plain"),
        ({"more": "[vigie]\nhours = 0\n"}, "login_means_nothing"),
        ({"more": "[vigie]\nhours = 25\n"}, "login_means_nothing"),
        ({"more": "[vigie]\nhour = 8\n"}, "login_means_nothing"),
        ({"more": "[vigie]\nroles = 8\n"}, "login_means_nothing"),
    ],
)
def test_a_login_that_cannot_be_used_is_told_in_one_sentence(tmp_path, change, key):
    written(tmp_path, **change)
    with pytest.raises(LoginError) as told:
        login.setup(tmp_path)
    assert told.value.key == key
    for lang in LANGUAGES:
        said = Language(lang).text(told.value.key, **told.value.values)
        assert "login.toml" in said
        assert AUTH["cookie_secret"] not in said


@pytest.mark.parametrize(
    ("address", "is_local"),
    [
        ("127.0.0.1", True), ("127.9.9.9", True), ("localhost", True), ("::1", True),
        ("[::1]", True), ("0.0.0.0", False), ("::", False), ("", False), ("10.0.0.1", False),
        ("vigie.example", False), ("localhost.example", False), ("127.0.0.1.example", False),
    ],
)  # fmt: skip
def test_loopback_is_this_machine_alone(address, is_local):
    assert login.is_loopback(address) is is_local

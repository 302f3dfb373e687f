"""A message leaves once for a release, by the way that is set up, and is written down first."""

from __future__ import annotations

import email
import io
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from email import policy
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from dashboards.access import log
from dashboards.i18n import words
from dashboards.subscriptions import store as stores
from dashboards.subscriptions.store import DUE, SENDING, SENT, UNSURE, Subscriptions
from dashboards.subscriptions.subscription import FIGURE, LIST, PAGE, RIGHT_LOST, UNSEEN
from orchestration import sending as sendings
from orchestration.mail import MailError, Server, server_of
from orchestration.sending import send_due, unsent
from tests.unit.subscriptions.conftest import person

RISES = {"direction": "above", "threshold": "0"}


def outbox(home):
    return sorted((home / "outbox").glob("*.eml"))


def parsed(content: bytes):
    return email.message_from_bytes(content, policy=policy.default)


def states(home) -> list[str]:
    return [one.state for one in Subscriptions(home).sendings()]


def test_without_a_server_a_message_is_a_file_and_is_sent_once(settings, wish):
    made = wish(person("recovery"), FIGURE, "worklist_accounts", **RISES)
    assert send_due(settings).sent == 1
    (file,) = outbox(settings.home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = parsed(file.read_bytes())
    assert said["Subject"] == "Vigie – Comptes de la liste de travail"
    assert said["To"] == "u1@cna.example"
    assert made.token in said["List-Unsubscribe"]
    assert made.token in said.get_content()
    file.unlink()
    again = send_due(settings)
    assert (again.sent, again.silent, again.failed) == (0, 0, 0)
    assert outbox(settings.home) == []


def test_who_asks_after_a_release_is_told_of_the_next(settings, wish):
    store = Subscriptions(settings.home)
    store.seen(person("recovery"), "fr")
    late = stores.Subscription(0, "u1", FIGURE, "worklist_accounts", RISES)
    store.subscribe(late, datetime.now(UTC) + timedelta(days=1))
    assert send_due(settings).sent == 0
    assert states(settings.home) == []


def test_a_message_through_a_server_and_what_the_record_says(settings, wish, mailbox):
    wish(person("recovery"), LIST, "worklist", lang="nl")
    assert send_due(settings).sent == 1
    assert mailbox.recipients == [["u1@cna.example"]]
    said = parsed(mailbox.messages[0])
    assert said["From"] == "vigie@cna.example"
    assert said["Content-Language"] == "nl"
    assert "A0000" not in said["Subject"]
    assert "A0000" in said.get_content()
    chain = log.read(settings.home)
    assert chain.fault is None
    (line,) = chain.lines
    assert (line.access.what, line.access.download) == ("notice", "list worklist")
    assert line.access.subject == "u1"
    assert send_due(settings).sent == 0
    assert len(mailbox.messages) == 1


def test_what_cannot_be_written_down_does_not_leave(settings, wish, mailbox, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    wish(person("recovery"), LIST, "worklist")
    monkeypatch.setattr(log, "write", full)
    assert send_due(settings).failed == 1
    assert mailbox.messages == []


def test_a_server_that_refuses_is_tried_again(settings, wish, mailbox):
    wish(person("recovery"), LIST, "worklist")
    mailbox.answer = "451 not now"
    assert send_due(settings).failed == 1
    assert states(settings.home) == [DUE]
    assert unsent(settings) == 1
    mailbox.answer = ""
    assert send_due(settings).sent == 1
    assert len(mailbox.messages) == 1
    assert unsent(settings) == 0


def test_a_server_that_is_not_there_is_tried_again(settings, wish, mailbox):
    wish(person("recovery"), LIST, "worklist")
    file = settings.home / "keys" / "mail.toml"
    told = file.read_text(encoding="utf-8")
    file.write_text(told.replace(f"port = {mailbox.port}", "port = 9"), encoding="utf-8")
    assert send_due(settings).failed == 1
    file.write_text(told, encoding="utf-8")
    assert send_due(settings).sent == 1


def test_a_connection_cut_while_sending_is_not_repeated(settings, wish, mailbox):
    wish(person("recovery"), LIST, "worklist")
    mailbox.answer = "drop"
    assert send_due(settings).unsure == 1
    mailbox.answer = ""
    assert send_due(settings).sent == 0
    assert states(settings.home) == [UNSURE]
    assert mailbox.messages == []


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_process_killed_around_the_server_never_sends_twice(
    settings, wish, mailbox, monkeypatch, moment
):
    """Killed before the server has it, or after and before that is written down."""
    wish(person("recovery"), LIST, "worklist")
    hand_over = sendings.Post.hand_over

    def killed(self, *given):
        if moment == "after":
            hand_over(self, *given)
        os._exit(9)

    child = os.fork()
    if child == 0:
        sendings.Post.hand_over = killed
        send_due(settings)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert states(settings.home) == [SENDING]
    assert send_due(settings).sent == 0
    assert states(settings.home) == [UNSURE]
    assert len(mailbox.messages) == (moment == "after")


def test_a_process_killed_around_the_outbox_leaves_one_file(settings, wish, monkeypatch):
    wish(person("recovery"), LIST, "worklist")
    hand_over = sendings.Post.hand_over

    def killed(self, *given):
        hand_over(self, *given)
        os._exit(9)

    child = os.fork()
    if child == 0:
        sendings.Post.hand_over = killed
        send_due(settings)
        os._exit(0)
    os.waitpid(child, 0)
    assert send_due(settings).sent == 1
    assert len(outbox(settings.home)) == 1
    assert states(settings.home) == [SENT]


def test_a_page_is_sent_as_the_screen_shows_it_with_its_choices(settings, wish):
    """Of the management, whose figures are cut; nobody is written down as having looked."""
    wish(person("management"), PAGE, "contributions", address={"nature": ["main"]})
    assert send_due(settings).sent == 1
    said = parsed(outbox(settings.home)[0].read_bytes())
    (attached,) = said.iter_attachments()
    document = PdfReader(io.BytesIO(attached.get_content()))
    assert document.metadata.title == words("fr")["contributions_title"]
    text = " ".join(page.extract_text() for page in document.pages)
    assert "Activité principale" in text
    assert "nature=main" in said.get_body().get_content()
    assert [line.access.what for line in log.read(settings.home).lines] == ["notice"]


def test_a_page_that_fails_is_tried_again_and_stops_no_other(settings, wish, monkeypatch):
    from dashboards.subscriptions import printing

    def broken(*_):
        raise printing.NotPrinted("contributions: broken")

    wish(person("management"), PAGE, "contributions")
    wish(person("management"), FIGURE, "board_claimed", **RISES)
    monkeypatch.setattr(printing, "printed", broken)
    count = send_due(settings)
    assert (count.failed, count.sent) == (1, 1)
    monkeypatch.undo()
    assert sorted(states(settings.home)) == [DUE, SENT]


def test_a_right_that_was_lost_ends_the_subscription(settings, wish):
    who = person("recovery")
    wish(who, LIST, "worklist")
    Subscriptions(settings.home).seen(person("management"), "fr")
    assert send_due(settings).ended == 1
    assert outbox(settings.home) == []
    assert Subscriptions(settings.home).all()[0].ended_why == RIGHT_LOST


def test_who_was_not_seen_for_months_is_told_nothing(settings, wish):
    wish(person("recovery"), LIST, "worklist")
    Subscriptions(settings.home).seen(
        person("recovery"), "fr", datetime.now(UTC) - timedelta(days=93)
    )
    assert send_due(settings).ended == 1
    assert outbox(settings.home) == []
    assert Subscriptions(settings.home).all()[0].ended_why == UNSEEN


def test_the_demonstration_never_reaches_a_server(settings, wish, mailbox):
    from dashboards.access.person import everybody

    wish(everybody(), FIGURE, "board_claimed", **RISES)
    assert send_due(settings).sent == 1
    assert mailbox.messages == []
    assert len(outbox(settings.home)) == 1


def test_the_feed_says_that_there_is_something_and_nothing_of_it(settings, wish):
    wish(person("recovery"), LIST, "worklist")
    send_due(settings)
    (file,) = (settings.home / "feeds").glob("*.atom")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    content = file.read_text(encoding="utf-8")
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(content)
    assert [one.findtext(f"{atom}title") for one in root.iter(f"{atom}entry")] == [
        "Liste de travail du jour"
    ]
    assert "A0000" not in content
    assert "u1" not in content


def test_the_feed_is_atom_and_its_names_stay(settings, wish):
    """RFC 4287: what a feed and an entry must have; a reader knows an entry again by its id."""
    wish(person("recovery"), LIST, "worklist")
    wish(person("recovery"), FIGURE, "worklist_accounts", **RISES)
    send_due(settings)
    (file,) = (settings.home / "feeds").glob("*.atom")
    first = file.read_bytes()
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(first)
    entries = root.findall(f"{atom}entry")
    assert root.tag == f"{atom}feed"
    assert len(entries) == 2
    for part in (root, *entries):
        assert len(part.findall(f"{atom}id")) == len(part.findall(f"{atom}title")) == 1
        assert datetime.fromisoformat(part.findtext(f"{atom}updated")).tzinfo is not None
        (link,) = part.findall(f"{atom}link")
        assert link.get("rel") == "alternate"
        assert link.get("href").startswith("http")
    assert root.find(f"{atom}author/{atom}name") is not None
    assert len({one.findtext(f"{atom}id") for one in (root, *entries)}) == 3
    assert root.findtext(f"{atom}updated") == max(e.findtext(f"{atom}updated") for e in entries)
    assert send_due(settings).sent == 0
    assert file.read_bytes() == first


def test_two_processes_at_once_send_once(settings, wish, mailbox):
    wish(person("recovery"), LIST, "worklist")
    with sendings._alone(settings) as is_mine:
        assert is_mine
        assert send_due(settings).sent == 0
    assert send_due(settings).sent == 1
    assert len(mailbox.messages) == 1


@pytest.mark.parametrize(
    ("said", "mode"),
    [
        ('[smtp]\nhost = "mail.example"\nsender = "v@cna.be"\n', 0o640),
        ("[smtp", 0o600),
        ('[smtp]\nsender = "v@cna.be"\n', 0o600),
        ('[smtp]\nhost = "mail.example"\n', 0o600),
        ('[smtp]\nhost = "mail.example"\nsender = "v@cna.be"\ntls = "none"\n', 0o600),
        ('[smtp]\nhost = "mail.example"\nsender = "v@cna.be"\nport = "25"\n', 0o600),
        ('[smtp]\nhost = "mail.example"\nsender = "v@cna.be"\nsecret = "hunter2"\n', 0o600),
    ],
)
def test_mail_that_is_set_up_wrongly_is_one_sentence_without_secrets(settings, said, mode):
    file = settings.home / "keys" / "mail.toml"
    file.write_text(said.replace("[smtp]\n", '[smtp]\npassword = "hunter3"\n'), encoding="utf-8")
    file.chmod(mode)
    with pytest.raises(MailError) as error:
        server_of(settings)
    assert "hunter" not in str(error.value)
    assert str(file) in str(error.value)


def test_the_password_of_the_environment_counts_and_is_shown_nowhere(settings, monkeypatch):
    file = settings.home / "keys" / "mail.toml"
    file.write_text('[smtp]\nhost = "mail.example"\nsender = "v@cna.be"\n', encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("VIGIE_SMTP_PASSWORD", "hunter2")
    found = server_of(settings)
    assert found == Server("mail.example", sender="v@cna.be", password="hunter2")
    assert "hunter2" not in json.dumps(repr(found))

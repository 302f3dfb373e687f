"""Forgetting: its trace, going on after a kill, a person who comes back, an older copy."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from dashboards.notebook.store import Notebook
from ingest.load import load_ready
from ingest.raw import RawHistory
from orchestration.backup import make
from orchestration.backup.restore import bring_back, missing_traces
from orchestration.backup.store import Copies
from orchestration.doctor import examine, stored
from orchestration.errors import ForgetError
from orchestration.forget.act import finish, forget, replay, returned
from orchestration.forget.trace import pending, traces
from orchestration.progress import Progress
from orchestration.settings import Settings
from tests.unit.ingest.support import NISS, valid, world, write_delivery
from tests.worlds import copy_of

ACCOUNT = "A00000001"


def names_it(home: Path) -> list[str]:
    """Files of the data folder that hold the dossier, but where deliveries come in."""
    return [
        str(file.relative_to(home))
        for file in home.rglob("*")
        if file.is_file() and "landing" not in file.parts and ACCOUNT.encode() in file.read_bytes()
    ]


def amounts(home: Path) -> list[tuple]:
    import duckdb

    from ingest.contract import load_contracts
    from ingest.in_force import rows_in_force

    history, found = RawHistory(home), []
    members = [history.member(receipt) for receipt in history.plan().deliveries]
    for name, contract in load_contracts().items():
        amount = "sum(amount)" if contract.has_amount else "null"
        query = f"select '{name}', count(*), {amount} from ({rows_in_force(contract, members)})"
        found += duckdb.sql(query).fetchall()
    return found


def test_rows_stay_and_the_trace_says_all_but_whom(folder):
    assert names_it(folder.home)
    before = amounts(folder.home)
    trace = forget(folder.settings, ACCOUNT, "Asked for")
    assert names_it(folder.home) == []
    assert amounts(folder.home) == before
    assert (trace.number, trace.reason, trace.notes) == (1, "Asked for", 1)
    assert trace.deliveries == ("2026-06-30-1",)
    assert Notebook(folder.home).entries() == []
    assert traces(folder.home, "en") == [trace]
    written = (folder.home / "forgotten" / "000001.json").read_text()
    for word in (ACCOUNT, NISS[1]):
        assert word not in written
    history = RawHistory(folder.home)
    history.prove(history.plan())
    assert pending(folder.home, "en") is None


def test_subscriptions_and_messages_that_name_the_person_go_and_no_other(folder):
    from email.message import EmailMessage

    from dashboards.subscriptions.store import Subscriptions
    from dashboards.subscriptions.subscription import PAGE, Subscription
    from tests.unit.backup.conftest import SINCE

    kept = folder.subscribe()
    store = Subscriptions(folder.home)
    page = Subscription(0, "anne", PAGE, "account", {"account_id": ACCOUNT})
    gone = store.subscribe(page, SINCE)
    store.plan("r1", [kept.number, gone.number], again=True)
    outbox = folder.home / "outbox"
    outbox.mkdir()
    for name, text, attached in (
        ("named", f"1. Dossier\u00a0: {ACCOUNT} · Échéance\u00a0: 30/09/2026", False),
        ("page", "Voir la page.", True),
        ("other", "Le recouvrement est sous 90 %.", False),
    ):
        message = EmailMessage()
        message["Subject"] = "Vigie"
        message.set_content(text, cte="base64")
        if attached:
            message.add_attachment(b"%PDF-", maintype="application", subtype="pdf", filename="p")
        (outbox / f"{name}.eml").write_bytes(message.as_bytes())
    trace = forget(folder.settings, ACCOUNT, "Asked for")
    assert trace.notices == 3
    assert traces(folder.home, "en") == [trace]
    assert store.all() == [kept]
    assert [one.number for one in store.sendings()] == [kept.number]
    assert [file.name for file in outbox.iterdir()] == ["other.eml"]
    assert names_it(folder.home) == []


def test_a_trace_of_before_notices_is_read(folder):
    from ingest.durable import sealed

    forget(folder.settings, ACCOUNT, "Asked for")
    file = folder.home / "forgotten" / "000001.json"
    said = json.loads(file.read_text())
    del said["seal"], said["notices"]
    file.write_text(json.dumps(sealed(said)))
    assert traces(folder.home, "en")[0].notices == 0


def test_the_next_delivery_is_judged_on_what_is_left(folder):
    forget(folder.settings, ACCOUNT, "Asked for")
    assert load_ready(folder.landing, folder.home).known == ["2026-06-30-1"]
    # Its own number again: it is told, and its rows are another person's from then on.
    person = valid("affiliates")
    write_delivery(folder.landing, "2026-07-01-1", "2026-07-01", "delta", {"affiliates": [person]})
    assert load_ready(folder.landing, folder.home).refused is None
    assert returned(folder.settings) == [1]
    (finding,) = examine(folder.settings, (stored.forgotten,))
    assert "no. 1" in finding.sentence("en")
    assert not finding.is_fault
    # It may be forgotten again.
    assert forget(folder.settings, ACCOUNT, "Asked for").number == 2
    assert returned(folder.settings) == []
    assert names_it(folder.home) == []


@pytest.mark.parametrize(
    ("account", "reason", "told"),
    [
        ("C00000001", "x", "A and eight digits"),
        ("A99999999", "x", "No delivery has"),
        (ACCOUNT, "", "in words"),
        (ACCOUNT, f"{NISS[1]} asked", "names the person"),
        (ACCOUNT, f"{ACCOUNT} asked", "names the person"),
    ],
)
def test_what_cannot_be_forgotten_is_told_and_nothing_changes(folder, account, reason, told):
    with pytest.raises(ForgetError, match=told) as error:
        forget(folder.settings, account, reason)
    assert NISS[1] not in str(error.value)
    assert not (folder.home / "forgotten").exists()
    assert names_it(folder.home)


def test_a_trace_that_was_changed_or_removed_is_told(folder):
    forget(folder.settings, ACCOUNT, "Asked for")
    forget(folder.settings, "A00000002", "Asked for too")
    first = folder.home / "forgotten" / "000001.json"
    kept = first.read_text()
    first.write_text(json.dumps({**json.loads(kept), "reason": "other"}))
    with pytest.raises(ForgetError, match="not the trace"):
        traces(folder.home, "en")
    first.unlink()
    with pytest.raises(ForgetError, match="not the trace"):
        traces(folder.home, "en")
    first.write_text(kept)
    assert len(traces(folder.home, "en")) == 2


def _killed_after(home: Path, landing: Path, renames: int) -> None:
    done = [0]

    def counted(rename):
        def act(source, target, **more):
            if str(target).startswith(str(home)):
                done[0] += 1
                if done[0] > renames:
                    os.kill(os.getpid(), signal.SIGKILL)
            return rename(source, target, **more)

        return act

    os.rename, os.replace = counted(os.rename), counted(os.replace)
    settings = Settings.from_env(home=home, landing=landing, lang="en")
    forget(settings, ACCOUNT, "Asked for")


def test_killed_at_any_moment_it_is_finished_later(folder, tmp_path):
    folder.deliver()
    before, ended, renames = amounts(folder.home), None, 0
    # Forked from a process that has loaded what is heavy: its time goes into the work.
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    while ended != 0:
        home = copy_of(folder.home, tmp_path / f"home{renames}")
        child = forks.Process(target=_killed_after, args=(home, home / "landing", renames))
        child.start()
        child.join()
        ended = child.exitcode
        settings = Settings.from_env(home=home, landing=home / "landing", lang="en")
        if ended:
            assert ended == -9
            trace = finish(settings)
            if trace is None:
                # Killed before anything was kept of it: nothing was begun.
                assert names_it(home)
                trace = forget(settings, ACCOUNT, "Asked for")
        assert names_it(home) == []
        assert amounts(home) == before
        assert len(traces(home, "en")) == 1
        assert finish(settings) is None
        renames += 4
    assert renames > 6


def test_an_older_copy_forgets_again_when_it_is_brought_back(folder, tmp_path):
    copies = Copies(tmp_path / "copies", "en")
    with copies.alone():
        first = make.make(folder.settings, copies, Progress("en")).manifest
        forget(folder.settings, ACCOUNT, "Asked for")
        make.make(folder.settings, copies, Progress("en"))
    keys = {one.name: one.read_bytes() for one in (folder.home / "keys").iterdir()}
    new = tmp_path / "new"
    settings = Settings.from_env(home=new, landing=new / "landing", lang="en")
    bring_back(settings, copies, first, keys, Progress("en"))
    assert names_it(new)
    missing = missing_traces(settings, copies)
    assert [one.reason for one in missing] == ["Asked for"]
    (done,) = replay(settings, missing)
    assert done.accounts == missing[0].accounts
    assert names_it(new) == []
    assert missing_traces(settings, copies) == []


def test_the_world_has_the_person_to_forget():
    assert ACCOUNT in {row["affiliate_id"] for row in world()["affiliates"]}

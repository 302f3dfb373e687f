"""A person is forgotten: nothing names them any more, and no figure moves, row by row."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import date

import duckdb
import pytest

from ingest import expiry
from ingest.load import load_ready
from ingest.raw import RawHistory
from orchestration.cli import main
from orchestration.doctor import examine
from orchestration.forget.releases import rewrite
from release.proof import check
from release.reader import close_all, open_release
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences, run_job, settings_of
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")
ACCOUNT = "A00000001"


def dossiers(home) -> dict[str, str]:
    file = home / "raw" / "2026-06-30-1" / "affiliates.parquet"
    rows = duckdb.sql(f"select affiliate_id, person_key from read_parquet('{file}')").fetchall()
    return dict(rows)


def test_nothing_names_the_person_and_every_figure_stays(home, tmp_path, monkeypatch, capsys):
    deliver(home / "landing", 1)
    assert run_job(home).exit_code == 0
    monkeypatch.setenv("VIGIE_HOME", str(home))
    before = tmp_path / open_release(home).path.name
    shutil.copyfile(open_release(home).path, before)
    had = dossiers(home)
    person = had[ACCOUNT]
    close_all()
    with pytest.raises(SystemExit) as ended:
        main(["forget", "--account", ACCOUNT, "--reason", "Asked for", "--lang", "en"])
    assert ended.value.code == 0
    assert ACCOUNT not in capsys.readouterr().out
    # Nowhere in what stays, but where deliveries came in.
    for file in home.rglob("*"):
        if file.is_file() and "landing" not in file.parts:
            content = file.read_bytes()
            assert ACCOUNT.encode() not in content, file
            assert person.encode() not in content, file
    # Every other value of the release is the one it was: the same file, the names exchanged.
    has = dossiers(home)
    (new,) = has.keys() - had.keys()
    assert had.keys() - has.keys() == {ACCOUNT}
    assert has[new] != person
    assert {name: has[name] for name in had if name != ACCOUNT} == {
        name: key for name, key in had.items() if name != ACCOUNT
    }
    release = open_release(home)
    check(release.path)
    tables = [line.split(":")[0] for line in differences(before, release.path)]
    assert tables
    assert not [name for name in tables if name.startswith(("statistics.", "meta."))]
    exchanged = tmp_path / "exchanged.duckdb"
    shutil.copyfile(before, exchanged)
    rewrite(exchanged, {ACCOUNT: new, person: has[new]})
    assert differences(exchanged, release.path) == []
    assert [each.sentence("en") for each in examine(settings_of(home)) if each.is_fault] == []
    # What is built from the history says the same: no cell of a statistic moves, and the deliveries
    # that lie in landing, with the person in them, are known and not loaded again.
    built = run_job(home)
    assert built.exit_code == 0, built.sentences
    assert built.published
    assert built.loaded["loaded"] == []
    assert differences(release.path, open_release(home).path, but=SINCE_THE_LAST) == []
    assert ACCOUNT not in dossiers(home)
    receipt = RawHistory(home).receipts()[0]
    assert receipt.forgotten == (1,)


# --- all whose time has passed


@pytest.fixture
def day_after(built_world, tmp_path):
    """A data folder in which a day has passed since the first delivery."""
    yield copy_of(built_world("followed"), tmp_path / "home")
    close_all()


@pytest.fixture
def short_times(monkeypatch):
    """Nothing is kept longer than the day it tells of, so that the time of some has passed."""
    short = {name: replace(one, keep_years=0) for name, one in expiry.load_contracts().items()}
    monkeypatch.setattr(expiry, "load_contracts", lambda: short)


def vigie(capsys, *words) -> tuple[int, str, str]:
    close_all()
    with pytest.raises(SystemExit) as ended:
        main(["forget", *words, "--lang", "en"])
    said = capsys.readouterr()
    return ended.value.code, said.out, said.err


def test_who_is_past_their_time_is_counted_then_forgotten_and_no_figure_moves(
    day_after, short_times, tmp_path, monkeypatch, capsys
):
    home = day_after
    monkeypatch.setenv("VIGIE_HOME", str(home))
    had = dossiers(home)
    before = {file: file.read_bytes() for file in home.rglob("*.parquet")}
    code, out, _ = vigie(capsys, "--expired", "--json")
    told = json.loads(out)
    gone = {name for one in told["persons"] for name in one["accounts"]}
    assert code == 0
    assert len(gone) > 1
    assert gone < set(had)
    code, out, _ = vigie(capsys, "--expired")
    assert f": {len(told['persons'])}." in out.splitlines()[0]
    assert not any(name in out for name in had)
    # It was counted, and nothing else.
    assert {file: file.read_bytes() for file in home.rglob("*.parquet")} == before

    kept = tmp_path / open_release(home).path.name
    shutil.copyfile(open_release(home).path, kept)
    code, out, _ = vigie(capsys, "--expired", "--reason", "Times of the register have passed")
    assert code == 0
    assert f"Dossiers: {len(gone)};" in out
    [trace] = (home / "forgotten").glob("[0-9]*.json")
    assert len(json.loads(trace.read_text())["accounts"]) == len(gone)
    has = dossiers(home)
    assert had.keys() - has.keys() == gone
    assert len(has) == len(had)
    assert len(set(has.values())) == len(set(had.values()))
    for file in home.rglob("*"):
        if file.is_file() and "landing" not in file.parts:
            content = file.read_bytes()
            assert [one for one in gone if one.encode() in content or had[one].encode() in content
                    ] == [], file  # fmt: skip
    release = open_release(home)
    check(release.path)
    changed = [line.split(":")[0] for line in differences(kept, release.path)]
    assert changed
    assert not [name for name in changed if name.startswith(("statistics.", "meta."))]
    built = run_job(home)
    assert built.exit_code == 0, built.sentences
    assert differences(release.path, open_release(home).path, but=SINCE_THE_LAST) == []
    # Who is nobody is not forgotten again.
    code, out, _ = vigie(capsys, "--expired", "--reason", "Again")
    assert (code, len(list((home / "forgotten").glob("[0-9]*.json")))) == (0, 1)
    assert "Nobody" in out


def test_nobody_is_past_their_time_who_is_open_or_owes(day_after, short_times, monkeypatch, capsys):
    home = day_after
    monkeypatch.setenv("VIGIE_HOME", str(home))
    _, out, _ = vigie(capsys, "--expired", "--json")
    told = json.loads(out)
    gone = sorted(name for one in told["persons"] for name in one["accounts"])
    assert gone
    as_of = date.fromisoformat(told["as_of"])
    assert all(
        date.fromisoformat(one["last_day"]) <= date.fromisoformat(one["kept_until"]) < as_of
        for one in told["persons"]
    )
    ask = open_release(home).cursor().execute
    asked = "where list_contains($1, account_id)"
    assert ask(
        "select count(*) from core.fct_affiliation_periods where list_contains($1, affiliate_id) "
        "and (end_date is null or end_date > $2)",
        [gone, as_of],
    ).fetchone() == (0,)
    assert ask(
        f"select count(*) from contribution.fct_account_balances {asked} "
        "and (outstanding_amount <> 0 or unallocated_amount <> 0)",
        [gone],
    ).fetchone() == (0,)
    assert ask(
        f"select count(*) from contribution.fct_receipts {asked} and value_date >= $2",
        [gone, as_of],
    ).fetchone() == (0,)
    # As they are declared, ten years and less, nobody's time has passed in so young a fund: of many
    # nothing but their birth is told, which is nothing that happened.
    monkeypatch.undo()
    monkeypatch.setenv("VIGIE_HOME", str(home))
    assert json.loads(vigie(capsys, "--expired", "--json")[1])["persons"] == []


@pytest.mark.parametrize(
    "words",
    [(), ("--account", ACCOUNT), ("--expired", "--account", ACCOUNT, "--reason", "x"),
     ("--account", ACCOUNT, "--json"), ("--expired", "--reason", "x", "--json")],
)  # fmt: skip
def test_whom_and_why_are_asked(home, monkeypatch, capsys, words):
    monkeypatch.setenv("VIGIE_HOME", str(home))
    code, _, said = vigie(capsys, *words)
    assert code == 2
    assert "--account" in said or "--reason" in said
    assert not (home / "forgotten").exists()


def test_a_release_of_other_deliveries_does_not_say_who_owes_nothing(home, monkeypatch, capsys):
    monkeypatch.setenv("VIGIE_HOME", str(home))
    deliver(home / "landing", 1)
    load_ready(home / "landing", home)
    code, out, said = vigie(capsys, "--expired")
    assert (code, out) == (1, "")
    assert "vigie run" in said

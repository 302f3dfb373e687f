"""A person is forgotten: nothing names them any more, and no figure moves, row by row."""

from __future__ import annotations

import shutil

import duckdb
import pytest

from ingest.raw import RawHistory
from orchestration.cli import main
from orchestration.doctor import examine
from orchestration.forget.releases import rewrite
from release.proof import check
from release.reader import close_all, open_release
from tests.pipeline.world import SINCE_THE_LAST, deliver, differences, run_job, settings_of

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

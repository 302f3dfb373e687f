"""Going back to an earlier release: the next run does not undo it, a new delivery does."""

from __future__ import annotations

import json

import pytest

from orchestration import build
from orchestration.cli import main
from orchestration.errors import RollbackError
from orchestration.rollback import go_back
from orchestration.status import read_status, render
from release.errors import DamagedReleaseError
from release.pointer import read_pointer
from release.reader import close_all, open_release
from tests.pipeline.world import deliver, run_job, settings_of
from tests.unit.ingest.support import NISS

pytestmark = pytest.mark.xdist_group("pipeline-gate")


def vigie(*words: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, words), "--lang", "en"])
    return int(ended.value.code or 0)


@pytest.fixture
def two(home, monkeypatch) -> tuple:
    """Two releases, the second current."""
    monkeypatch.setenv("VIGIE_HOME", str(home))
    monkeypatch.setenv("VIGIE_STATISTICS", "")
    first = open_release(home).id
    deliver(home / "landing", 1)
    assert run_job(home).exit_code == 0
    second = open_release(home).id
    assert first != second
    return home, first, second


def test_a_rollback_holds_until_a_delivery_comes(two, monkeypatch, capsys):
    home, first, second = two
    settings = settings_of(home)
    assert vigie("rollback", first, "--reason", "The payments of 2 July are wrong.") == 0
    assert open_release(home).id == first
    said = read_pointer(home).rollback
    assert (said.reason, said.left) == ("The payments of 2 July are wrong.", second)
    state = read_status(settings)
    assert state["rollback"]["left"] == second
    assert "The payments of 2 July are wrong." in render(settings, state)
    # A run without a delivery leaves it, whatever the code is then.
    monkeypatch.setattr(build, "build_fingerprint", lambda: "other code")
    capsys.readouterr()
    assert run_job(home).published is None
    assert open_release(home).id == first
    assert read_pointer(home).rollback == said
    monkeypatch.undo()
    # A new delivery ends it.
    deliver(home / "landing", 2)
    third = run_job(home).published
    assert third not in (None, first, second)
    assert open_release(home).id == third
    assert read_pointer(home).rollback is None
    assert read_status(settings)["rollback"] is None
    # What was decided stays.
    (kept,) = (home / "rollbacks").glob("*.json")
    told = json.loads(kept.read_text())
    assert (told["release_id"], told["reason"]) == (first, said.reason)


@pytest.mark.parametrize("way", ["until next", "lifted"])
def test_a_rollback_that_ends_with_the_next_run(two, way):
    home, first, second = two
    if way == "until next":
        assert vigie("rollback", first, "--reason", "Looked at", "--until-next") == 0
    else:
        assert vigie("rollback", first, "--reason", "Looked at") == 0
        assert run_job(home).published is None
        assert vigie("rollback", "--lift", "--reason", "All was well") == 0
        assert len([*(home / "rollbacks").glob("*.json")]) == 2
    assert open_release(home).id == first
    assert run_job(home).published not in (None, first, second)
    assert read_pointer(home).rollback is None


def test_what_cannot_be_gone_back_to_is_told_and_nothing_moves(two, capsys):
    home, first, second = two
    settings = settings_of(home)
    before = (home / "releases" / "current.json").read_bytes()
    for release, reason, told in (
        ("2020-01-01_20200101T000000Z", "x", first),
        (second, "x", "current one already"),
        (first, " ", "reason in words"),
        (first, f"He is {NISS[1]}", "national number"),
    ):
        with pytest.raises(RollbackError, match=told) as error:
            go_back(settings, release, reason, until_next=False)
        assert NISS[1] not in str(error.value)
    assert vigie("rollback", "--lift", "--reason", "x") == 1
    assert vigie("rollback", "--reason", "x") == 2
    assert vigie("rollback", first, "--lift", "--reason", "x") == 2
    assert vigie("rollback", first) == 2
    file = home / "releases" / f"{first}.duckdb"
    close_all()
    file.chmod(0o600)
    with open(file, "r+b") as content:
        content.seek(5000)
        content.write(b"\xff" * 8)
    with pytest.raises(DamagedReleaseError):
        go_back(settings, first, "x", until_next=False)
    assert (home / "releases" / "current.json").read_bytes() == before
    assert not (home / "rollbacks").exists()


def test_retention_keeps_the_release_that_was_gone_back_to(two):
    home, first, _ = two
    assert vigie("rollback", first, "--reason", "x", "--until-next") == 0
    assert run_job(home, keep_releases=1).exit_code == 0
    # Readers that hold it keep it until the next publication; the pointer has moved.
    assert open_release(home).id != first

"""Every file of the data folder that is cut off, not text, empty or a folder: what rests on it is
told in one sentence with its remedy, or heals at the next run.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboards.access.person import everybody
from dashboards.access.view import view_of
from orchestration import audit, build, cli, files, status
from orchestration.errors import VigieError
from orchestration.watch import facts
from release import proof
from release.errors import DamagedReleaseError
from release.pointer import read_pointer
from release.reader import open_release, standing
from tests.pipeline.world import deliver, materialize, notices_of_runs, run_job, settings_of
from tests.unit.orchestration.damage import DAMAGES, damage
from tests.unit.release.test_proof import flip
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")

WRITTEN_AGAIN = (
    "releases/current.json",
    "refusals/2026-07-09-1.json",
    *(f"warehouse/{name}" for name in (files.CANDIDATE, files.BUILD, files.AUDIT)),
    "run.lock",
)
TOLD = (
    "keys/pseudonym.key",
    "raw/2026-06-30-1/receipt.json",
    "judgements/2026-06-30-1/verdict.json",
    "dagster/history/runs.db",
)


def vigie(capsys, monkeypatch, home: Path, *arguments: str) -> tuple[int, list[str]]:
    """A command in this process: its exit code and the lines on standard error."""
    monkeypatch.setenv("VIGIE_HOME", str(home))
    monkeypatch.setenv("VIGIE_STATISTICS", "")
    capsys.readouterr()
    with pytest.raises(SystemExit) as left:
        cli.main([*arguments, "--lang", "en"])
    return left.value.code, capsys.readouterr().err.splitlines()


def assert_readable(sentences: list[str] | tuple[str, ...]) -> None:
    for sentence in sentences:
        assert "made a mistake" not in sentence
        assert "Traceback" not in sentence
        assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("name", [*WRITTEN_AGAIN, *TOLD])
def test_status_answers_or_says_why_not(home, capsys, monkeypatch, name, kind):
    damage(home / name, kind)
    code, said = vigie(capsys, monkeypatch, home, "status")
    assert_readable(said)
    if code:
        [sentence] = said
        assert Path(name).stem in sentence


@pytest.mark.parametrize("kind", DAMAGES)
def test_the_next_run_writes_again_what_it_can(home, kind):
    before = open_release(home).id
    for name in WRITTEN_AGAIN:
        # A folder is nobody's half-written file: it is told, not removed.
        if kind != "folder" or name.startswith("warehouse/"):
            damage(home / name, kind)
    outcome = run_job(home)
    assert_readable(outcome.sentences)
    assert outcome.exit_code == 0
    assert open_release(home).id == (before if kind == "folder" else outcome.published)


def test_a_folder_in_the_place_of_the_lock_is_told_by_its_path(home, capsys, monkeypatch):
    damage(home / "run.lock", "folder")
    code, said = vigie(capsys, monkeypatch, home, "run")
    assert code == 1
    assert_readable(said)
    assert "run.lock" in said[0]


def test_a_folder_in_the_place_of_the_pointer_is_told_by_its_path(waiting, tmp_path):
    """Where it is moved: by the step that publishes what was built."""
    settings = settings_of(copy_of(waiting.home, tmp_path))
    (settings.releases / "current.json").mkdir(parents=True)
    result, said = materialize(settings, "release")
    assert not result.success
    assert_readable(said)
    assert ["releases/current.json" in sentence for sentence in said] == [True]


@pytest.mark.parametrize("kind", ["cut", "binary", "folder"])
@pytest.mark.parametrize("name", TOLD)
def test_what_cannot_be_made_again_stops_the_run_with_its_remedy(
    home, capsys, monkeypatch, name, kind
):
    damage(home / name, kind)
    code, said = vigie(capsys, monkeypatch, home, "run")
    assert code == 1
    assert_readable(said)
    part = str(home / "dagster") if name.startswith("dagster") else Path(name).stem
    assert part in said[0]


def test_what_is_kept_of_the_last_audit_is_read_from_the_release_when_it_is_damaged(home):
    damage(home / "warehouse" / files.AUDIT, "cut")
    assert audit.read_audit(settings_of(home)) is None
    release = open_release(home)
    checks = status._published_checks(release)
    assert checks.release_id == release.id
    assert checks.passed == release.about["checks_passed"] > 40


def test_a_bit_flipped_in_the_current_release_is_told_and_another_one_is_built(home):
    before = read_pointer(home)
    flip(before.path, before.size // 2)
    outcome = run_job(home)
    assert outcome.exit_code == 0
    after = read_pointer(home)
    assert after.release_id != before.release_id
    proof.check(after.path, after.sha256)
    [notice] = notices_of_runs(outcome.settings)
    assert before.release_id in notice
    assert [release.id for release in standing(home)] == [after.release_id]


def far_bit(home: Path) -> None:
    """Flip a bit of the current release that none of the questions below reads: the engine, which
    proves each block that it reads, does not see it."""
    pointer = read_pointer(home)
    flip(pointer.path, pointer.size - 1)


READERS = (
    ("explain", "charge", "C100000000001"),
    ("diff", "current", "current"),
    ("letter", "--quarter", "2026Q1"),
    ("answer", "T01", "--period", "2025"),
    ("microdata", "--period", "2025", "--profile", "inasti"),
)


@pytest.mark.parametrize("words", READERS, ids=lambda words: words[0])
def test_nothing_is_told_from_a_release_with_a_flipped_bit(
    home, tmp_path, capsys, monkeypatch, words
):
    far_bit(home)
    given = (
        [*words, "--out", str(tmp_path)] if words[0] in ("letter", "answer", "microdata") else words
    )
    code, said = vigie(capsys, monkeypatch, home, *given)
    assert code == (3 if words[0] == "diff" else 1)
    assert said == [str(DamagedReleaseError(read_pointer(home).path))]


def test_the_state_is_told_all_the_same_and_is_an_alarm(home, capsys, monkeypatch):
    """What watches must not go blind with the release that it watches."""
    far_bit(home)
    sentence = str(DamagedReleaseError(read_pointer(home).path))
    monkeypatch.setenv("VIGIE_HOME", str(home))
    with pytest.raises(SystemExit) as left:
        cli.main(["status", "--lang", "en"])
    assert left.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == sentence
    assert len(lines) > 5
    state = status.read_status(settings_of(home))
    assert state["release"] is None
    assert facts.flat(settings_of(home), state)["releases_current"] == 0


def test_a_page_is_not_shown_from_a_release_with_a_flipped_bit(home):
    far_bit(home)
    with pytest.raises(DamagedReleaseError):
        view_of(open_release(home), everybody().right)


def test_a_delivery_that_is_lost_is_told_although_the_release_is_damaged_too(home):
    """The deliveries of the release before are still known."""
    first = read_pointer(home)
    deliver(home / "landing", 0)
    assert run_job(home).exit_code == 0
    assert read_pointer(home).release_id != first.release_id
    flip(read_pointer(home).path, read_pointer(home).size // 2)
    # Before a load, which would not take what follows a delivery that is not there.
    shutil.rmtree(home / "raw" / "2026-06-30-1")
    with pytest.raises(VigieError, match="2026-06-30-1"):
        build._refuse_lost(settings_of(home))

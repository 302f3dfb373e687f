"""A step alone does its work from what lies on the disk, or fails with one sentence; while dbt
works, the orchestrator is told.
"""

from __future__ import annotations

import json
import shutil

import pytest

from orchestration import audit, build, files, gate
from orchestration.errors import CandidateError
from orchestration.faults import failure_sentence
from orchestration.texts import LANGUAGES
from release.errors import NoReleaseError
from release.reader import open_release
from tests.pipeline.world import materialize, notices_of_runs, settings_of
from tests.unit.ingest.support import valid, write_delivery
from tests.worlds import copy_of

pytestmark = pytest.mark.xdist_group("pipeline-gate")


def test_tables_built_alone_publish_nothing_and_the_release_alone_publishes_them(
    waiting, published
):
    with pytest.raises(NoReleaseError):
        open_release(waiting.home)
    candidate = build.read_candidate(waiting)
    assert open_release(published).id == candidate.release_id
    assert open_release(published).about["plan_fingerprint"] == candidate.plan_fingerprint
    # Nothing is left of it but what the next build clears.
    assert build.read_candidate(settings_of(published)) is None


def test_a_table_is_told_while_dbt_still_works(waiting):
    from orchestration.instance import open_instance

    with open_instance(waiting) as instance:
        [run] = [run for run in instance.get_runs() if "warehouse" in run.step_keys_to_execute]
        entries = instance.all_logs(run.run_id)
    told = [
        (entry.dagster_event.event_type_value, entry.timestamp)
        for entry in entries
        if entry.is_dagster_event
        and entry.dagster_event.event_type_value
        in ("ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION")
    ]
    assert len(told) > 150
    # dbt's results are written when it has ended.
    ended = (waiting.warehouse / files.BUILD).stat().st_mtime
    early = [kind for kind, when in told if when < ended - 0.5]
    assert len(early) > len(told) / 2
    # A check is told after the table it looks at, and not at the end of all.
    assert set(early) == {"ASSET_MATERIALIZATION", "ASSET_CHECK_EVALUATION"}


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("tables", "No accepted delivery"),
        ("release", "no whole candidate"),
        ("statistics", "vigie run"),
    ],
)
def test_a_step_with_nothing_to_work_on_fails_with_one_sentence(tmp_path, step, words):
    settings = settings_of(tmp_path, statistics="T01")
    result, sentences = materialize(settings, step)
    assert not result.success
    assert [words in sentence and "vigie" in sentence for sentence in sentences] == [True]
    [notice] = notices_of_runs(settings)
    assert sentences[0] in notice


def change(settings, name, **values):
    kept = files.read(settings, name)
    files.write(settings, name, {**kept, **values})


@pytest.mark.parametrize(
    ("why", "do"),
    [
        ("candidate.unaudited", lambda s: (s.warehouse / files.AUDIT).unlink()),
        ("candidate.unaudited", lambda s: change(s, files.AUDIT, release_id="another")),
        ("candidate.broken", lambda s: change(s, files.CANDIDATE, release_id="another")),
        ("candidate.broken", lambda s: s.candidate.write_bytes(b"half written")),
        ("candidate.other_code", lambda s: change(s, files.CANDIDATE, build_fingerprint="x")),
        ("candidate.other_deliveries", lambda s: change(s, files.CANDIDATE, plan_fingerprint="x")),
        ("candidate.none", lambda s: s.candidate.unlink()),
        ("candidate.none", lambda s: (s.warehouse / files.CANDIDATE).unlink()),
    ],
)
def test_what_does_not_fit_is_not_published(waiting, tmp_path, why, do):
    settings = settings_of(tmp_path)
    home = waiting.home
    for part in ("raw", "judgements"):
        shutil.copytree(home / part, tmp_path / part)
    settings.warehouse.mkdir()
    for name in ("candidate.duckdb", files.CANDIDATE, files.BUILD, files.AUDIT):
        shutil.copyfile(home / "warehouse" / name, settings.warehouse / name)
    gate.admit(settings)
    do(settings)
    with pytest.raises(CandidateError) as refused:
        gate.admit(settings)
    assert str(refused.value) == why
    said = {failure_sentence(settings, lang, "publish", refused.value) for lang in LANGUAGES}
    assert len(said) == 3
    assert all("\n" not in sentence and "warehouse/" in sentence for sentence in said)


def test_a_candidate_whose_deliveries_are_no_longer_all_is_not_published(waiting, tmp_path):
    settings = settings_of(copy_of(waiting.home, tmp_path))
    write_delivery(
        settings.landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payments": [valid("payments", amount="10.00")]},
    )
    assert materialize(settings, "load")[0].success
    result, sentences = materialize(settings, "release")
    assert not result.success
    assert ["other deliveries" in sentence for sentence in sentences] == [True]


def test_an_audit_reads_what_the_build_left(waiting):
    settings = waiting
    before = audit.read_audit(settings)
    assert audit.run_audit(settings).rows() == before.rows()
    assert before.stopping == ()
    assert before.passed > 40


def test_what_stands_is_not_built_again(published, tmp_path):
    settings = settings_of(copy_of(published, tmp_path))
    result, failures = materialize(settings, "tables")
    assert (result.success, failures) == (True, [])
    assert build.read_candidate(settings) is None
    assert json.loads((settings.releases / "current.json").read_text())["release_id"]

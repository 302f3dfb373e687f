"""Sources in the orchestrator: an asset, a job and a schedule each, and what is told when one
cannot be read.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dagster import AssetKey

from orchestration.definitions import build_defs
from orchestration.schedules import JOB
from orchestration.settings import Settings
from orchestration.sources import build_sources
from tests.worlds import PROJECT_SOURCE


@pytest.fixture
def home(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT_SOURCE, tmp_path / "sources" / "fund")
    return tmp_path


def test_a_source_has_an_asset_a_job_and_its_schedule(home):
    repository = build_defs({"home": home}).get_repository_def()
    key = AssetKey(["sources", "fund"])
    assert key in repository.asset_graph.get_all_asset_keys()
    assert "extract_fund" in repository.job_names
    schedule = repository.get_schedule_def("extract_fund")
    assert (schedule.cron_schedule, schedule.execution_timezone) == (
        "15 2 * * *",
        "Europe/Brussels",
    )
    # The nightly run judges what lies in landing; it reads no database.
    selected = repository.get_job(JOB.name).asset_layer.selected_asset_keys
    assert key not in selected
    assert AssetKey(["raw", "charges"]) in selected


def test_a_source_that_is_declared_wrongly_does_not_stop_the_graph(home):
    (home / "sources" / "fund" / "source.yaml").write_text("schedule: '99 99 * * *'\nurl_env: X\n")
    for said in ("schedule: '99 99 * * *'\nurl_env: X\n", "nonsense"):
        (home / "sources" / "fund" / "source.yaml").write_text(said)
        assets, jobs, schedules = build_sources(Settings.from_env(home=home))
        assert (len(assets), len(jobs), schedules) == (1, 1, [])


def test_what_cannot_be_read_is_one_sentence_and_no_secret(home, monkeypatch):
    from dagster import materialize

    monkeypatch.setenv("VIGIE_SOURCE_FUND", "postgresql://me:Geheim@127.0.0.1:1/x")
    (asset,), _, _ = build_sources(Settings.from_env(home=home, lang="en"))
    result = materialize([asset], raise_on_error=False)
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_failure_data.user_failure_data.description == (
        "fund/source.yaml: the database cannot be reached: no server answers at its host and port."
    )
    (notice,) = (home / "notices").iterdir()
    assert "no server answers" in notice.read_text()
    assert "Geheim" not in "".join(str(event) for event in result.all_events)
    for path in home.rglob("*"):
        assert path.is_dir() or b"Geheim" not in path.read_bytes()

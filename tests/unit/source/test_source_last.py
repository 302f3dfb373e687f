"""What `vigie extract` and the asset of a source leave behind for status and alarms, a failed
extraction too.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from dagster import materialize

from orchestration.cli import vigie
from orchestration.settings import Settings
from orchestration.sources import build_sources
from orchestration.status import read_status, render
from orchestration.watch.alarms import judge
from tests.unit.source.databases import Fund


@pytest.fixture
def settings(fund: Fund, monkeypatch) -> Settings:
    monkeypatch.setenv("VIGIE_HOME", str(fund.home))
    monkeypatch.setenv("VIGIE_LANDING", str(fund.landing))
    return Settings.from_env(lang="en")


def _extract() -> int:
    return vigie.main(["extract", "--source", "test"], standalone_mode=False)


def _last(settings: Settings) -> dict:
    (found,) = read_status(settings)["extractions"]
    return found


def _alarms(settings: Settings) -> set[str]:
    return {one.alarm.name for one in judge(settings, read_status(settings))}


def test_the_command_says_how_it_ended_and_the_alarm_follows(fund, settings):
    assert _last(settings)["finished_at"] is None
    assert _extract() == 0
    done = _last(settings)
    assert (done["source"], done["failed"]) == ("test", False)
    assert done["hours"] < 0.1
    assert "source-failed" not in _alarms(settings)
    assert "failed" not in _line(settings)

    fund.run("ALTER TABLE notices RENAME TO gone")
    with pytest.raises(Exception, match=r"notices\.yaml"):
        _extract()
    assert _last(settings)["failed"]
    assert "source-failed" in _alarms(settings)
    assert "failed" in _line(settings)

    fund.run("ALTER TABLE gone RENAME TO notices")
    assert _extract() == 0
    assert "source-failed" not in _alarms(settings)


def test_without_a_landing_folder_it_has_failed_too(fund, settings):
    shutil.rmtree(fund.landing)
    with pytest.raises(Exception, match="VIGIE_LANDING"):
        _extract()
    assert _last(settings)["failed"]


def test_the_asset_says_the_same(fund, settings):
    assets, _, _ = build_sources(settings)
    assert materialize(assets, raise_on_error=False).success
    assert not _last(settings)["failed"]
    (fund.folder / "notices.yaml").write_text("table: nothing_of_that_name\n")
    assert not materialize(assets, raise_on_error=False).success
    assert _last(settings)["failed"]


def test_a_name_that_is_no_source_leaves_nothing(fund, settings):
    with pytest.raises(Exception, match="There is no source"):
        vigie.main(["extract", "--source", "../test"], standalone_mode=False)
    assert not list(Path(settings.home).rglob("last.json"))


def test_one_that_met_another_says_nothing(fund, settings):
    from ingest.source.state import alone

    assert _extract() == 0
    before = (fund.folder / "last.json").read_text()
    with alone(fund.home, "test"), pytest.raises(Exception, match="Another extract"):
        _extract()
    assert (fund.folder / "last.json").read_text() == before


def _line(settings: Settings) -> str:
    lines = render(settings, read_status(settings)).splitlines()
    return next(line for line in lines if line.startswith("Sources"))

"""The orchestrator's memory: it has our settings or says so, and damage is one sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from orchestration.errors import StorageError
from orchestration.instance import open_instance
from orchestration.settings import Settings
from tests.unit.orchestration.damage import DAMAGES, damage


def test_the_instance_has_our_settings(tmp_path):
    with open_instance(Settings.from_env(home=tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert instance.get_settings("run_retries")["retry_on_asset_or_op_failure"] is False
        assert instance.get_settings("concurrency")["pools"]["default_limit"] == 1


def test_where_the_orchestrator_does_not_find_its_settings_nothing_starts(tmp_path):
    # The start refuses such a folder; should one pass, it is not run with other settings.
    settings = replace(Settings.from_env(lang="en"), home=tmp_path / "a[b]")
    with pytest.raises(StorageError, match=r"has not taken Vigie's settings .*telemetry"):
        open_instance(settings)


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize(
    "name", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"]
)
def test_a_damaged_storage_is_told_with_its_remedy_or_begun_anew(tmp_path, name, kind):
    settings = Settings.from_env(home=tmp_path, lang="en")
    open_instance(settings).dispose()
    damage(settings.dagster / name, kind)
    if kind == "empty":  # SQLite takes an empty file for a new one
        open_instance(settings).dispose()
        return
    with pytest.raises(StorageError, match="put that folder aside") as told:
        open_instance(settings)
    assert str(settings.dagster) in str(told.value)

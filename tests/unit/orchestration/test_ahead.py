"""The copy made while deliveries load: when it is begun, and that nothing of it is left behind."""

import json

import pytest

from orchestration.ahead import CopyAhead, copy_ahead
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path):
    return Settings.from_env(home=tmp_path / "home", landing=tmp_path / "landing")


@pytest.fixture
def release(tmp_path):
    file = tmp_path / "release.duckdb"
    file.write_bytes(bytes(range(256)) * 4096)
    return file


def deliver(settings, name, mode, known=""):
    (settings.landing / name).mkdir(parents=True)
    (settings.landing / name / "manifest.json").write_text(json.dumps({"mode": mode}))
    if known == "loaded":
        (settings.home / "raw" / name).mkdir(parents=True)
    if known == "refused":
        (settings.home / "refusals").mkdir(parents=True, exist_ok=True)
        (settings.home / "refusals" / f"{name}.json").write_text("{}")


def test_a_new_delta_has_the_release_copied(settings, release):
    deliver(settings, "2026-09-30-1", "full", "loaded")
    deliver(settings, "2026-10-01-1", "delta")
    ahead = copy_ahead(settings, release)
    assert ahead.take(release, settings.candidate)
    assert settings.candidate.read_bytes() == release.read_bytes()
    ahead.drop()
    assert [file.name for file in settings.warehouse.iterdir()] == [settings.candidate.name]


@pytest.mark.parametrize(
    "deliveries",
    [
        [],
        [("2026-10-01-1", "delta", "loaded")],
        [("2026-10-01-1", "delta", "refused")],
        [("2026-10-01-1", "delta"), ("2026-10-31-1", "full")],
    ],
    ids=["nothing", "known", "refused before", "a full delivery too"],
)
def test_otherwise_nothing_is_copied(settings, release, deliveries):
    for delivery in deliveries:
        deliver(settings, *delivery)
    ahead = copy_ahead(settings, release)
    assert not ahead.take(release, settings.candidate)
    assert not settings.warehouse.exists()


def test_a_manifest_that_cannot_be_read_has_nothing_copied(settings, release):
    deliver(settings, "2026-10-01-1", "delta")
    (settings.landing / "2026-10-01-1" / "manifest.json").write_text("{")
    assert not copy_ahead(settings, release).take(release, settings.candidate)


def test_a_copy_that_nobody_takes_is_removed(settings, release, tmp_path):
    deliver(settings, "2026-10-01-1", "delta")
    ahead = copy_ahead(settings, release)
    assert not ahead.take(tmp_path / "another.duckdb", settings.candidate)
    ahead.drop()
    assert not list(settings.warehouse.iterdir())


def test_a_copy_that_failed_is_not_taken(settings, release):
    deliver(settings, "2026-10-01-1", "delta")
    missing = release.with_name("missing.duckdb")
    ahead = copy_ahead(settings, missing)
    assert not ahead.take(missing, settings.candidate)
    ahead.drop()
    assert not list(settings.warehouse.iterdir())


def test_what_a_killed_run_left_is_removed(settings, release):
    settings.warehouse.mkdir(parents=True)
    (settings.warehouse / "ahead.duckdb").write_bytes(b"half")
    copy_ahead(settings, release)
    assert not list(settings.warehouse.iterdir())


def test_none_is_dropped_without_a_word():
    CopyAhead().drop()

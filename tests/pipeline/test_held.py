"""A delivery that is held: the run says so, the release stays, a person lets it in (H4)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import vigie
from orchestration.status import read_status, render
from orchestration.summary import render as summary
from release.pointer import find_pointer
from release.reader import open_release
from tests.pipeline.world import run_job, settings_of
from tests.unit.ingest.support import world, write_delivery

HELD = "2026-07-01-1"


def test_a_held_delivery_from_run_to_release(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIGIE_HOME", str(home))
    before = find_pointer(home)
    write_delivery(home / "landing", HELD, "2026-07-01", "full", world())
    outcome = run_job(home)
    assert outcome.exit_code == 1
    assert outcome.release_stands
    (sentence,) = outcome.sentences
    assert HELD in sentence
    assert "affiliates: 130 → 2 rows, 128 gone" in sentence
    assert HELD in summary(outcome, 1.0)
    assert find_pointer(home) == before
    settings = settings_of(home)
    for lang in ("fr", "nl", "en"):
        text = render(settings_of(home, lang=lang), read_status(settings))
        assert f"vigie accept {HELD}" in text
        assert "130 → 2" in text
    told = CliRunner().invoke(vigie, ["status", "--json"], standalone_mode=False)
    (held,) = json.loads(told.output)["held"]
    assert (held["delivery_id"], held["extracts"][0]["extract"]) == (HELD, "affiliates")
    assert json.loads(told.output)["waiting"] == []

    done = CliRunner().invoke(
        vigie, ["accept", HELD, "--reason", "archive split off"], standalone_mode=False
    )
    assert done.return_value == 0
    assert HELD in done.output
    outcome = run_job(home)
    assert (outcome.exit_code, outcome.sentences) == (0, ())
    found = (
        open_release(home)
        .cursor()
        .execute("select delivery_id, accepted_reason from meta.deliveries order by 1")
    )
    assert found.fetchall() == [("2026-06-30-1", None), (HELD, "archive split off")]
    assert read_status(settings)["held"] == []

"""The run book has a page for every alarm, every notice names one, and no page is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestration import notices
from orchestration.watch.alarms import declared

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "docs" / "runbook"
PARTS = ("## What it means", "## What to look at", "## What to do", "## How to know it is over")


def test_every_alarm_has_its_page_and_every_page_its_alarm():
    pages = {file.name for file in FOLDER.glob("*.md")} - {"README.md"}
    assert pages == {f"{alarm.name}.md" for alarm in declared()}


@pytest.mark.parametrize("alarm", declared(), ids=lambda alarm: alarm.name)
def test_a_page_says_what_it_means_and_what_to_do(alarm):
    text = (PROJECT / alarm.page).read_text(encoding="utf-8")
    places = [text.find(part) for part in PARTS]
    assert -1 not in places
    assert places == sorted(places)
    assert alarm.severity in text.partition("## ")[0]
    assert f"({alarm.name}.md)" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_every_page_that_a_notice_names_is_there():
    named = [notices.RUN_FAILED, notices.CHECK_FAILED, notices.REFUSED, notices.HELD]
    assert all((PROJECT / page).is_file() for page in named)

"""The change log is in the usual sections, newest version first, and knows the version that is."""

from __future__ import annotations

import re

import pytest

from tests.contract.test_wheel import DECLARED
from tests.wheel import PROJECT

SECTIONS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]
_VERSION = re.compile(r"## (Unreleased|(\d+)\.(\d+)\.(\d+) \(\d{4}-\d\d-\d\d\))")


def faults(text: str, number: str) -> list[str]:
    """What is wrong with a change log of a project whose version is `number`."""
    wrong, versions, places = [], [], []
    for line in text.splitlines()[1:]:
        if line.startswith("## "):
            found = _VERSION.fullmatch(line)
            wrong += [] if found else [f"no version: {line}"]
            versions.append(tuple(map(int, found.groups()[1:])) if found and found[2] else None)
            places = []
        elif line.startswith("### "):
            name = line.removeprefix("### ")
            place = SECTIONS.index(name) if name in SECTIONS else -1
            wrong += [] if place > max(places, default=-1) else [f"section out of place: {line}"]
            places.append(place)
        elif line.startswith("- ") and not places:
            wrong.append(f"in no section: {line[:60]}")
    done = [one for one in versions if one]
    if versions[:1] != [None] or done != sorted(done, reverse=True) or None in versions[1:]:
        wrong.append("versions are not in order, what is unreleased first")
    if done and tuple(map(int, number.split("."))) < done[0]:
        wrong.append(f"{number} is older than what was released")
    return wrong


def test_the_change_log_is_in_its_sections():
    assert re.fullmatch(r"\d+\.\d+\.\d+", DECLARED["version"])
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert faults(text, DECLARED["version"]) == []
    assert text.count("\n- ") > 40


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# C\n## Unreleased\n- a", "in no section: - a"),
        ("# C\n## Unreleased\n### Fixed\n### Added", "section out of place: ### Added"),
        ("# C\n## Unreleased\n### New", "section out of place: ### New"),
        ("# C\n## 1.0", "no version: ## 1.0"),
        ("# C\n## 0.2.0 (2026-12-01)\n## Unreleased", "versions are not in order"),
        ("# C\n## Unreleased\n## 0.3.0 (2026-12-01)", "0.2.0 is older"),
    ],
)
def test_what_is_out_of_place_is_told(text, told):
    assert any(one.startswith(told) for one in faults(text, "0.2.0"))

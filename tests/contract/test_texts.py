"""What people read, whatever part of the project says it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
FILES = sorted(
    file
    for package in ("dashboards", "exports", "law", "orchestration")
    for file in (PROJECT / package).rglob("*.yaml")
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_no_text_leaves_it_to_the_reader_to_count(file: Path) -> None:
    """No "jour(s)", no "levering(en)": a sentence is turned so that any number fits."""
    told = file.read_text(encoding="utf-8")
    assert re.findall(r"\w+\((?:s|e|es|en|ies)\)", told) == []

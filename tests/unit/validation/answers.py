"""What validation finds in an answer of the small release.

Belongs here: making the answer and reading the findings. Does not belong here: the release
(history.py).
"""

from __future__ import annotations

from datetime import date

from exports.answer import prepare
from exports.validation import validate
from release.reader import Release

RELEASE = "2026-01-31_20260201T020000Z"
DAY = date(2026, 1, 31)
CODES = ["T01", "T02", "T04", "T08"]


def found(release: Release, codes=CODES, period="2025", before=(), earlier=(), profile="inasti"):
    """Findings by (rule, statistic). `before`: what is done to the cells of the answer first."""
    contents, cursor = prepare(release, list(codes), period, profile=profile, earlier=earlier)
    for statement in before:
        cursor.execute(statement)
    return {(one.rule, one.code): one for one in validate(contents, cursor, earlier)}


def failed(findings) -> set[tuple[str, str]]:
    """Rules that do not hold, with the statistic."""
    return {key for key, one in findings.items() if not one.passed}

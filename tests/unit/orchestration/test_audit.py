"""The audit's own rules; that a failed one publishes nothing is tests/pipeline/test_gate.py."""

from __future__ import annotations

from orchestration.audit import Audit, Check

KNOWN = Check("unique_natures_nature", "table", "natures.nature", "error", "pass", 0, "unique")


def test_what_could_not_be_computed_is_named_before_what_follows_from_it():
    found = Check("adds_up", "equation", "charges", "error", "fail", 3, "three rows differ")
    skipped = Check("has_rows", "table", "cohorts", "error", "error", 0, "not executed")
    broken = Check("built_cohorts", "build", "cohorts", "error", "error", 1, "out of range")
    assert Audit((found, KNOWN, skipped, broken)).stopping == (broken, skipped, found)

"""What others reported of readers of CSV, tried here (docs/field-log.md): what a reader guesses or
skips in silence.
"""

from __future__ import annotations

import pytest

from tests.unit.ingest.support import as_csv, load, rows, valid, write_delivery

COLUMNS = ["_op", *valid("payment_plans")]
# Each of them alone makes a reader that guesses take another separator, quote or comment sign.
AWKWARD = ["PL;1", "PL|1", "PL\t1", "PL'1", "#PL1", "PL\\1", "PL\n1", "PL\r\n1", "NULL", "nan", " "]


@pytest.mark.parametrize("value", AWKWARD)
def test_a_value_in_every_row_is_no_hint_at_another_dialect(base, any_share, value):
    landing, home = base
    table = [{"_op": "U", **valid("payment_plans", plan_id=f"{value}{n}")} for n in range(3)]
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payment_plans": table},
        content={"payment_plans": as_csv(table, COLUMNS)},
    )
    outcome = load(landing, home)
    assert outcome.refused is None
    found = rows(home, "select plan_id from raw.payment_plans where plan_id <> 'PL1' order by 1")
    assert found == [(f"{value}{n}",) for n in range(3)]


@pytest.mark.parametrize(
    ("says", "spoil"),
    [
        # A row cut in two by a stray line end: readers that pass over it lose the rows beside it.
        ("line 3: the line has 3 fields", lambda lines: [*lines[:2], *_cut(lines[2]), *lines[3:]]),
        # One field too many in the middle.
        ("line 3: the line has 8 fields", lambda lines: [*lines[:2], lines[2] + b",x", *lines[3:]]),
        # A header with a column less than the rows.
        ("missing column status", lambda lines: [lines[0].rpartition(b",")[0], *lines[1:]]),
        # A sentence before the header.
        ("unknown column", lambda lines: [b"Extract of the day", *lines]),
    ],
    ids=["cut in two", "a field more", "short header", "a title"],
)
def test_a_row_that_does_not_fit_is_never_passed_over(base, any_share, says, spoil):
    landing, home = base
    table = [{"_op": "U", **valid("payment_plans", plan_id=f"PLAN{n}")} for n in range(5)]
    lines = spoil(as_csv(table, COLUMNS).split(b"\n"))
    write_delivery(
        landing,
        "2026-07-01-1",
        "2026-07-01",
        "delta",
        {"payment_plans": table},
        content={"payment_plans": b"\n".join(lines)},
    )
    outcome = load(landing, home)
    assert says in str(outcome.refused)
    assert rows(home, "select count(*) from raw.payment_plans where plan_id like 'PLAN%'") == [(0,)]


def _cut(line: bytes) -> list[bytes]:
    fields = line.split(b",")
    return [b",".join(fields[:3]), b",".join(fields[3:])]

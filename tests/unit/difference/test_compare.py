"""What differs between two releases is found, counted and named; what does not is not."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from release.difference.compare import compare
from release.difference.find import find
from release.difference.frames import compare_frames
from release.difference.model import Commitment
from release.errors import BrokenReleaseError, UnknownReleaseError
from tests.unit.difference.releases import write_release


@pytest.fixture
def two(tmp_path):
    """`two(*changes)`: the difference that these statements make."""

    def compared(*changes: str):
        before = write_release(tmp_path / "a", "2026-09-30_20261001T000000Z")
        after = write_release(tmp_path / "b", "2026-10-01_20261002T000000Z", changes)
        return compare(before, after)

    return compared


def test_the_same_rows_in_another_order_do_not_differ(two):
    found = two(
        "create or replace table contribution.fct_charges as"
        " select * from contribution.fct_charges order by hash(charge_id)",
        "update contribution.fct_charges set rate = rate * (1 + 1e-14)",
    )
    assert found.is_empty
    assert found.drivers == []
    assert (found.before.release_id, found.same) == ("2026-09-30_20261001T000000Z", 5)


def test_rows_by_key_and_amounts(two):
    found = two(
        "delete from contribution.fct_charges where charge_id = 'D3'",
        "insert into contribution.fct_charges values ('D200', 'main', 200, 0)",
        "update contribution.fct_charges set outstanding_amount = outstanding_amount - 1.50"
        " where charge_id in ('D4', 'D6')",
        "update contribution.fct_charges set rate = null where charge_id = 'D8'",
    )
    (one,) = found.tables
    assert (one.added, one.removed, one.changed) == (1, 1, 3)
    assert one.columns_changed == {"outstanding_amount": 2, "rate": 1}
    assert one.examples == {"added": ("D200",), "removed": ("D3",), "changed": ("D4", "D6", "D8")}
    (amount,) = one.amounts
    assert (amount.before, amount.after) == (Decimal(4950), Decimal(5144))
    assert amount.moved == Decimal(206)
    assert amount.part == ("nature", "main", Decimal(197))
    assert [(one.table, one.amount.column) for one in found.drivers] == [
        ("contribution.fct_charges", "outstanding_amount")
    ]


def test_rows_without_a_key_are_a_bag(two):
    found = two("delete from contribution.mart_keyless", "insert into contribution.mart_keyless"
                " values ('main', 10), ('student', 5), ('student', 6)")  # fmt: skip
    (one,) = found.tables
    assert (one.key, one.added, one.removed, one.changed) == ((), 1, 1, 0)
    assert one.amounts[0].change == Decimal(-4)


def test_a_key_that_is_there_twice_is_none(two):
    found = two("insert into contribution.fct_charges values ('D1', 'main', 1, 0)")
    (one,) = found.tables
    assert (one.key, one.added, one.removed) == ((), 1, 0)


def test_tables_and_columns_that_come_and_go(two):
    found = two(
        "alter table contribution.fct_charges drop column rate",
        "alter table contribution.mart_keyless add column more integer",
        "alter table contribution.mart_keyless alter nature type integer using 1",
        "drop table statistics.stat_t01",
        "create table contribution.mart_new as select 1 as one",
    )
    told = {one.name: one for one in found.tables}
    assert told["contribution.fct_charges"].columns_removed == ("rate",)
    assert told["contribution.mart_keyless"].columns_added == ("more",)
    assert told["contribution.mart_keyless"].columns_retyped == {"nature": ("VARCHAR", "INTEGER")}
    assert (told["statistics.stat_t01"].state, told["statistics.stat_t01"].removed) == (
        "removed",
        2,
    )
    assert told["contribution.mart_new"].state == "added"


def test_cells_of_statistics_and_promises(two):
    found = two(
        "update statistics.stat_t01 set obs_value = 5 where sex = 'F'",
        "insert into statistics.stat_t01 values ('2026', 'F', 'persons', 1)",
        "update service.mart_commitments set value = value - 0.1",
    )
    (cells,) = found.cells
    assert (cells.measure, cells.added, cells.changed, cells.moved) == ("persons", 1, 1, 3)
    assert [(one.code, one.quarter) for one in found.commitments] == [("SC01", "2026Q1")]
    assert isinstance(found.commitments[0], Commitment)
    assert found.commitments[0].after == pytest.approx(0.8)


_ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 3), st.sampled_from([None, 1, 2])),
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(before=_ROWS, after=_ROWS)
def test_a_plain_count_finds_the_same(before, after):
    """Against dictionaries and bags of Python."""
    frames = []
    for rows in (before, after):
        k, n, v = zip(*rows, strict=True) if rows else ((), (), ())
        series = {"k": pd.Series(k, dtype=object), "n": pd.Series(n, dtype="int64")}
        frames.append(pd.DataFrame({**series, "v": pd.Series(v, dtype="Int64")}))
    columns = {"k": "VARCHAR", "n": "INTEGER", "v": "INTEGER"}
    found = compare_frames("one", *frames, ["k", "n"], columns)
    keyed = [{row[:2]: row[2] for row in rows} for rows in (before, after)]
    if any(len(one) != len(rows) for one, rows in zip(keyed, (before, after), strict=True)):
        bags = [Counter(rows) for rows in (before, after)]
        assert found.key == ()
        assert found.added == sum((bags[1] - bags[0]).values())
        assert found.removed == sum((bags[0] - bags[1]).values())
        return
    b, a = keyed
    assert found.added == len(a.keys() - b.keys())
    assert found.removed == len(b.keys() - a.keys())
    assert found.changed == sum(a[key] != b[key] for key in a.keys() & b.keys())


def test_what_is_no_release_is_said(tmp_path):
    (tmp_path / "other.duckdb").write_bytes(b"nothing")
    sound = write_release(tmp_path / "a", "2026-09-30_20261001T000000Z")
    with pytest.raises(BrokenReleaseError, match="other"):
        compare(find(str(tmp_path / "other.duckdb")), sound)
    with pytest.raises(UnknownReleaseError, match="does not exist"):
        find(str(tmp_path / "none.duckdb"))
    with pytest.raises(UnknownReleaseError, match="There is no release"):
        find("2020-01-01_20200101T000000Z", tmp_path)

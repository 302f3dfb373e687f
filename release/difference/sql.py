"""The queries of a comparison, over any two relations: tables of two files, or rows of two pages.

Belongs here: SQL alone. `columns` are those that both sides have, with the type they share; nothing
here knows where a relation comes from. A number with a floating point counts as changed past a
billionth of its size: sums of a build may come in another order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: A column of few values by which a difference can be explained.
FEW_VALUES = 30
EXAMPLES = 3


def quoted(name: str) -> str:
    """An identifier, or `schema.table`."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split("."))


def is_amount(column: str, kind: str) -> bool:
    """Whether the values of a column are money, which adds up. The value of a cell of a statistic
    is one thing in one row and another in the next: `cells` looks at it.
    """
    return kind.startswith("DECIMAL") and ("amount" in column or column == "costs")


def shape(relation: str) -> str:
    """No rows, all columns: which ones a reader is given."""
    return f"select * from {relation} limit 0"


def summary(relation: str, columns: Mapping[str, str]) -> str:
    """One row: `rows`, `print` (the same for the same rows in any order), and a sum by amount."""
    names = ", ".join(quoted(name) for name in columns)
    sums = "".join(
        f", coalesce(sum({quoted(name)}), 0) as {quoted(name)}"
        for name, kind in columns.items()
        if is_amount(name, kind)
    )
    return (
        f'select count(*) as "rows", coalesce(sum(hash({names})::hugeint), 0)::varchar as print'
        f"{sums} from {relation}"
    )


def repeated(relation: str, key: Sequence[str]) -> str:
    """How many keys a relation has more than once."""
    names = ", ".join(quoted(name) for name in key)
    return f"select count(*) from (select 1 from {relation} group by {names} having count(*) > 1)"


def rows(relation: str, columns: Mapping[str, str]) -> str:
    """The rows of a relation, shared columns alone."""
    return f"select {', '.join(quoted(name) for name in columns)} from {relation}"


def joined(before: str, after: str, key: Sequence[str], columns: Mapping[str, str]) -> str:
    """Every key of either side once: `b_<column>`, `a_<column>`, `in_b`, `in_a`."""
    left = ", ".join(f"{quoted(name)} as {quoted('b_' + name)}" for name in columns)
    right = ", ".join(f"{quoted(name)} as {quoted('a_' + name)}" for name in columns)
    on = " and ".join(
        f"b.{quoted('b_' + name)} is not distinct from a.{quoted('a_' + name)}" for name in key
    )
    return (
        f"select * from (select {left}, true as in_b from {before}) as b"
        f" full join (select {right}, true as in_a from {after}) as a on {on}"
    )


def differs(column: str, kind: str) -> str:
    """Whether a column of a joined row has another value."""
    b, a = quoted("b_" + column), quoted("a_" + column)
    if kind in ("DOUBLE", "FLOAT"):
        close = f"abs({b} - {a}) <= 1e-9 * greatest(1, abs({b}), abs({a}))"
        return f"(({b} is null) <> ({a} is null) or not coalesce({close}, true))"
    return f"({b} is distinct from {a})"


def is_changed(key: Sequence[str], columns: Mapping[str, str]) -> str:
    """Whether a row is on both sides, with another value in any column."""
    others = [differs(name, kind) for name, kind in columns.items() if name not in key]
    return f"(in_a and in_b and ({' or '.join(others) or 'false'}))"


def counts(key: Sequence[str], columns: Mapping[str, str], relation: str) -> str:
    """One row: added, removed, changed, then rows changed by column, then what moved by amount."""
    others = [(name, kind) for name, kind in columns.items() if name not in key]
    by_column = "".join(
        f", count(*) filter (where in_a and in_b and {differs(name, kind)})"
        for name, kind in others
    )
    moved = "".join(
        f", coalesce(sum(abs({_difference(n)})), 0)" for n, kind in others if is_amount(n, kind)
    )
    return (
        "select count(*) filter (where in_b is null), count(*) filter (where in_a is null),"
        f" count(*) filter {_where(is_changed(key, columns))}{by_column}{moved} from {relation}"
    )


def examples(key: Sequence[str], columns: Mapping[str, str], relation: str) -> str:
    """A few keys of each kind: `kind`, `told`."""
    told = " || '|' || ".join(
        f"coalesce({quoted('a_' + one)}::varchar, {quoted('b_' + one)}::varchar, '')" for one in key
    )
    kinds = {
        "added": "in_b is null",
        "removed": "in_a is null",
        "changed": is_changed(key, columns),
    }
    return " union all ".join(
        f"(select '{kind}' as kind, {told} as told from {relation} where {where}"
        f" order by told limit {EXAMPLES})"
        for kind, where in kinds.items()
    )


def parts(column: str, by: Sequence[str], relation: str) -> str:
    """Where a difference lies, for each of the columns `by` that has few values: `by`, `value`,
    `difference`, the largest part of each.
    """
    difference = _difference(column)
    each = " union all ".join(
        f"select '{name}' as of_column,"
        f" coalesce({quoted('a_' + name)}::varchar, {quoted('b_' + name)}::varchar, '') as value,"
        f" sum({difference}) as difference from {relation} group by value"
        for name in by
    )
    return (
        f"select of_column, arg_max(value, abs(difference)), arg_max(difference, abs(difference))"
        f" from ({each}) group by of_column"
        f" having count(*) between 2 and {FEW_VALUES} and max(abs(difference)) > 0"
        " order by max(abs(difference)) desc, of_column limit 1"
    )


def bag(before: str, after: str, columns: Mapping[str, str]) -> str:
    """Rows without a key: how many are on one side more often than on the other: added, removed."""
    names = ", ".join(quoted(name) for name in columns)
    return (
        "select coalesce(sum(greatest(n, 0)), 0), coalesce(sum(greatest(-n, 0)), 0) from ("
        f" select sum(side) as n from (select {names}, 1 as side from {after}"
        f" union all select {names}, -1 from {before}) group by {names})"
    )


def cells(key: Sequence[str], columns: Mapping[str, str], relation: str) -> str:
    """Cells of a statistic by measure: measure, added, removed, changed, moved."""
    value = _difference("obs_value")
    return (
        "select coalesce(a_measure, b_measure) as measure, count(*) filter (where in_b is null),"
        " count(*) filter (where in_a is null),"
        f" count(*) filter {_where(is_changed(key, columns))}, sum(abs({value}))"
        f" from {relation} group by measure order by measure"
    )


def commitments(relation: str) -> str:
    """Promises of the whole fund with another value: code, quarter, before, after, unit."""
    return (
        "select coalesce(a_code, b_code) as code, coalesce(a_quarter, b_quarter) as quarter,"
        f" b_value, a_value, coalesce(a_unit, b_unit) from {relation}"
        " where coalesce(a_office_code, b_office_code) = 'ALL'"
        f" and {differs('value', 'DOUBLE')} order by code, quarter"
    )


def _difference(column: str) -> str:
    return f"coalesce({quoted('a_' + column)}, 0) - coalesce({quoted('b_' + column)}, 0)"


def _where(condition: str) -> str:
    return f"(where {condition})"

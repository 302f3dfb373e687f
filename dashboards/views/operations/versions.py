"""Two releases compared, as far as who looks may see them.

Belongs here: the choices and what is shown. Does not belong here: comparing (release/difference),
what a right sees of a release (Reading).
"""

from dataclasses import dataclass

import pandas as pd

from dashboards import asof, figures, filters, grids, sheet
from dashboards.figures import Column, Figure
from dashboards.formats import COUNT, EUROS
from dashboards.source import Reading, current
from release.difference import sql
from release.difference.frames import compare_frames
from release.difference.keys import IDENTITY, UNSTABLE, declared_key
from release.difference.model import TableDifference

#: Past so many rows a table is not fetched to be compared row by row; `vigie diff` does it.
_MOST_ROWS = 100_000
_SUBJECTS = ("contribution", "recovery", "benefit", "company", "service", "statistics", "core",
             "reference", "meta")  # fmt: skip


@dataclass(frozen=True)
class Pair:
    """One table that both may show: its columns that both have, and a summary of each side."""

    name: str
    label: str
    columns: dict[str, str]
    before: dict
    after: dict

    @property
    def differs(self) -> bool:
        return self.before != self.after


def render(after: Reading) -> None:
    """Draw the page."""
    before = asof.choose_other(after, "versions_with")
    if before is None:
        sheet.info(after.text("versions_choose"), icon=":material/difference:")
        return
    seen = [one for one in after.tables() if _is_seen(after, before, one)]
    subjects = [one for one in _SUBJECTS if one in {table.schema for table in seen}]
    names = {one: str(after.text(f"dictionary_subject_{one}")) for one in subjects}
    subject = filters.one_of("versions_subject", after.text("dictionary_subject"), subjects, names)
    pairs = [_pair(after, before, one) for one in seen if one.schema == subject]
    _overview(after, before, pairs)
    _one(after, before, [pair for pair in pairs if pair.differs])


def _is_seen(after: Reading, before: Reading, table) -> bool:
    name = f"{table.schema}.{table.table}"
    if name in IDENTITY:
        return False
    return all(one.holds(table.schema, table.table) for one in (after, before))


def _pair(after: Reading, before: Reading, table) -> Pair:
    name = f"{table.schema}.{table.table}"
    shapes = [set(one.query(sql.shape(sql.quoted(name))).columns) for one in (after, before)]
    kinds = [
        {entry.column: entry.data_type for entry in one.columns(table)} for one in (after, before)
    ]
    columns = {
        column: kind
        for column, kind in kinds[0].items()
        if kinds[1].get(column) == kind
        and all(column in shape for shape in shapes)
        and column not in UNSTABLE.get(name, ())
    }
    told = [
        one.query(sql.summary(sql.quoted(name), columns)).iloc[0].to_dict()
        for one in (before, after)
    ]
    return Pair(name, table.label(after.lang), columns, *told)


def _overview(after: Reading, before: Reading, pairs: list[Pair]) -> None:
    number, day = after.language.number, after.language.day
    dates = {"before": day(before.release.business_date), "after": day(after.release.business_date)}
    sheet.note(after.text("versions_dates", **dates))
    differ = [pair for pair in pairs if pair.differs]
    counted = {"versions_differ": len(differ), "versions_same": len(pairs) - len(differ)}
    told, by = after.text("versions_help"), after.entry("meta", "release").reference
    figures.show_figures(
        after,
        [
            Figure(after.text(key), number(count), told, reference=by)
            for key, count in counted.items()
        ],
    )
    if not differ:
        sheet.success(after.text("versions_nothing"), icon=":material/check:")
        return
    rows = [
        (pair.label, after.label_of(*pair.name.split("."), column), b, a, a - b)
        for pair in differ
        for column, kind in pair.columns.items()
        if sql.is_amount(column, kind)
        for b, a in [(float(pair.before[column]), float(pair.after[column]))]
        if a != b
    ]
    rows.sort(key=lambda row: -abs(row[-1]))
    if rows:
        sums = pd.DataFrame(rows, columns=["table", "amount", "before", "after", "change"])
        sheet.heading(after.text("versions_amounts"))
        columns = [
            Column("table", after.text("dictionary_table")),
            Column("amount", after.text("versions_amount")),
            *(Column(n, after.text(f"versions_{n}"), format=EUROS) for n in _SIDES),
        ]
        grids.show_table(after, "versions_amounts", sums, columns)
    counts = pd.DataFrame(
        [
            (p.label, p.before["rows"], p.after["rows"], p.after["rows"] - p.before["rows"])
            for p in differ
        ],
        columns=["table", *_SIDES],
    )
    sheet.heading(after.text("versions_tables"))
    columns = [
        Column("table", after.text("dictionary_table")),
        *(Column(n, after.text(f"versions_rows_{n}"), format=COUNT) for n in _SIDES),
    ]
    grids.show_table(after, "versions_tables", counts, columns)


_SIDES = ["before", "after", "change"]


def _one(after: Reading, before: Reading, pairs: list[Pair]) -> None:
    """One of the tables, row by row."""
    if not pairs:
        return
    names = {pair.name: pair.label for pair in pairs}
    chosen = filters.one_of("versions_table", after.text("versions_row_by_row"), list(names), names)
    pair = next(one for one in pairs if one.name == chosen)
    if max(pair.before["rows"], pair.after["rows"]) > _MOST_ROWS:
        sheet.note(after.text("versions_large", most=after.language.number(_MOST_ROWS)))
        return
    schema, _, table = pair.name.partition(".")
    key = [one for one in declared_key(after.entry(schema, table)) if one in pair.columns]
    asked = sql.rows(sql.quoted(pair.name), pair.columns)
    found = compare_frames(pair.name, before.query(asked), after.query(asked), key, pair.columns)
    number = after.language.number
    kinds = ("added", "removed", "changed")
    figures.show_figures(
        after,
        [
            Figure(
                after.text(f"versions_{one}"),
                number(getattr(found, one)),
                _by(after, found),
                reference=after.entry(schema, table).reference,
            )
            for one in kinds
        ],
    )
    rows = [
        (after.label_of(schema, table, column), count)
        for column, count in sorted(found.columns_changed.items(), key=lambda one: -one[1])
    ]
    if rows:
        columns = [
            Column("column", after.text("dictionary_column")),
            Column("rows", after.text("versions_changed"), format=COUNT),
        ]
        grids.show_table(
            after, "versions_columns", pd.DataFrame(rows, columns=["column", "rows"]), columns
        )


def _by(reading: Reading, found: TableDifference) -> str:
    if not found.key:
        return reading.text("versions_no_key")
    schema, _, table = found.name.partition(".")
    named = ", ".join(reading.label_of(schema, table, column) for column in found.key)
    return reading.text("versions_key", columns=named)


render(current())

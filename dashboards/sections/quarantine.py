"""Rows that wait for a correction: where each stands, what is wrong, what to do.

Belongs here: their list and its filters. Does not belong here: deliveries that were not taken as a
whole (the page), judging rows (ingest).
"""

from functools import partial

import pandas as pd

from dashboards import downloads, filters, grids, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import COUNT
from dashboards.source import Reading

_SQL = queries.beside(__file__)
_RULES = ("type", "required", "domain", "duplicate_key", "reference")
#: So many rows are listed; the workbook has them all.
_LISTED = 500


def read(reading: Reading) -> pd.DataFrame:
    """Return rows that wait for a correction, each with what a reader needs to find and mend it."""
    rows = reading.query(_SQL["open"])
    # `is_open` is a column beyond the agreed ones; without it every row counts as open.
    if "is_open" in rows:
        rows = rows[rows["is_open"].astype(bool)]
    # A release that does not name the file names the extract, of which each delivery has one.
    rows = rows.assign(file=rows.get("file", rows["extract"]))
    for name in ("why", "do"):
        told = {rule: reading.text(f"quarantine_{name}_{rule}") for rule in _RULES}
        rows[f"rule_{name}"] = rows["rule"].map(told).astype(object)
    return rows.reset_index(drop=True)


def show(reading: Reading, rows: pd.DataFrame) -> None:
    """Show the rows of the deliveries, files and rules that a reader chooses."""
    sheet.heading(reading.text("section_quarantine"))
    if rows.empty:
        sheet.success(reading.text("quarantine_none"))
        return
    number = reading.language.number
    sums = (
        rows.groupby(["extract", "rule"], as_index=False)
        .size()
        .sort_values(["size", "extract", "rule"], ascending=[False, True, True])
    )
    most = sums.iloc[0]
    sheet.paragraph(
        reading.text(
            "quarantine_sentence",
            count=number(len(rows)),
            extract=most["extract"],
            rule=reading.label("quarantine_rule", most["rule"]),
        )
    )
    listed = reading.with_names(_chosen(reading, rows), rule="quarantine_rule")
    if len(listed) > _LISTED:
        shown = {"shown": number(_LISTED), "all": number(len(listed))}
        sheet.note(reading.text("quarantine_shown", **shown))
    mart = From(reading, "meta", "quarantine")
    columns = [
        mart.column("delivery_id"),
        Column("file", reading.text("quarantine_file")),
        mart.column("line_number", COUNT),
        *mart.columns(("key", "column_name", "rule")),
        Column("rule_why", reading.text("quarantine_why"), wide=True),
        Column("rule_do", reading.text("quarantine_todo"), wide=True),
        Column("reason", reading.text("quarantine_example"), wide=True),
    ]
    grids.show_table(reading, "quarantine", listed.head(_LISTED), columns)
    title = reading.text("section_quarantine")
    downloads.offer_workbook(reading, "quarantine", title, lambda: listed, columns)


def _chosen(reading: Reading, rows: pd.DataFrame) -> pd.DataFrame:
    lists = {"delivery_id": "", "extract": "", "rule": "quarantine_rule"}
    mart = From(reading, "meta", "quarantine")
    chosen = filters.side_by_side(
        *(
            partial(
                filters.codes,
                reading,
                f"deliveries_{name}",
                mart.label(name),
                list_name,
                sorted(set(rows[name])),
            )
            for name, list_name in lists.items()
        )
    )
    for name, codes in zip(lists, chosen, strict=True):
        rows = rows[rows[name].isin(codes)]
    return rows

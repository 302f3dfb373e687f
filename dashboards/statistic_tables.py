"""A table of a statistic on a page: what its recipient sees, and why where nothing may stand.

Belongs here: the lines and columns of one block. Does not belong here: which cells are hidden
(exports.protection), which table is shown (the pages).
"""

import pandas as pd

from dashboards import grids, sheet
from dashboards.figures import Column
from dashboards.formats import Format
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.catalogue import Code, Measure
from exports.signs import HIDDEN, SIGNS
from exports.tables import BlockTable, Row
from exports.texts import text_or
from exports.units import places
from exports.writers.csv import code_in
from exports.writers.words import title, unit_label
from exports.writers.xlsx import signs_line

#: So many lines of a table are listed; the package has them all.
LISTED = 500
#: Up to so many values of a line stand before its labels.
_VALUES_FIRST = 3

Codes = dict[str, dict[str, Code]]


def show(reading: Reading, key: str, table: BlockTable, codes: Codes) -> None:
    """Show the first lines of a table under its name (the field in which it is chosen has no room
    for all of it), with its download."""
    number = reading.language.number
    sheet.heading(escaped(title(table, reading.lang)), level=3)
    if table.statuses:
        sheet.note(escaped(signs_line(table, reading.lang)))
    rows, columns = lines(reading, table, codes)
    if len(rows) > LISTED:
        sheet.note(reading.text("statistics_shown", shown=number(LISTED), all=number(len(rows))))
    grids.show_table(reading, key, rows.head(LISTED), columns)


def lines(reading: Reading, table: BlockTable, codes: Codes) -> tuple[pd.DataFrame, list[Column]]:
    """Return the lines of a table and their columns."""
    lang = reading.lang
    shown = [_line(reading, table, row, codes) for row in table.rows]
    labels = [
        Column(
            dimension.name,
            dimension.label(lang),
            dimension.definition_nl if lang == "nl" else dimension.definition_fr,
        )
        for dimension in table.dimensions
    ]
    if len(table.ref_periods) > 1:
        labels.insert(0, Column("period", reading.text("statistics_period")))
    values = [_value(measure, lang) for measure in table.measures]
    # Labels are long: a few values stand before them, so that they are not out of sight; many
    # would push the labels out of it.
    first = len(values) <= _VALUES_FIRST
    # The reason beside the signs, where it is seen.
    why = [Column("why", reading.text("statistics_why"))] if table.statuses else []
    columns = [*values, *why, *labels] if first else [*labels, *why, *values]
    return pd.DataFrame(shown), columns


def _value(measure: Measure, lang: str) -> Column:
    return Column(
        measure.name,
        unit_label(measure, lang),
        measure.definition_nl if lang == "nl" else measure.definition_fr,
        _format(measure),
        written=f"{measure.name} said",
    )


def _format(measure: Measure) -> Format:
    decimals = places(measure.unit, measure.decimals)
    return Format("number", 2 if decimals is None else decimals)


def _line(reading: Reading, table: BlockTable, row: Row, codes: Codes) -> dict[str, object]:
    line: dict[str, object] = {"period": row.ref_period}
    for dimension, code in zip(table.dimensions, row.codes, strict=True):
        line[dimension.name] = code_in(codes, dimension.list_name, code).label(reading.lang)
    why = []
    for measure, cell in zip(table.measures, row.cells, strict=True):
        value = line[measure.name] = None if cell.value is None else float(cell.value)
        # As the recipient reads it: a sign in the place of a value that is not shown.
        shown = SIGNS.get(cell.obs_status, "") if value is None else ""
        line[f"{measure.name} said"] = shown or _format(measure).write(reading.language, value)
        if cell.obs_status == HIDDEN:
            why.append(text_or(f"conf_{cell.conf_status}", reading.lang, cell.conf_status))
        elif cell.value is None:
            said = text_or(f"status_{cell.obs_status}", reading.lang, cell.obs_status)
            # In short: the line of signs has the rest.
            why.append(said.partition(":")[0].strip())
    line["why"] = "; ".join(dict.fromkeys(why))
    return line

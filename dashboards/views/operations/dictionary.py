"""The dictionary of the release: what each table and column means, and what defines it.

Belongs here: finding an entry. Does not belong here: the texts, which come with the release.
"""

import re

import pandas as pd

from dashboards import figures, filters, grids, sheet
from dashboards.figures import Column, From
from dashboards.source import Reading, current

#: What an address may ask for: the word of a column or of its meaning.
_WORD = re.compile(r"[\w' -]{1,40}")
# What the pages show first, lists and bookkeeping last.
_SUBJECTS = (
    "contribution",
    "recovery",
    "benefit",
    "company",
    "service",
    "statistics",
    "core",
    "reference",
    "meta",
)


def render(reading: Reading) -> None:
    """Draw the page."""
    rows = _rows(reading)
    subject, sought = filters.side_by_side(
        lambda: filters.one_of(
            "dictionary_subject",
            reading.text("dictionary_subject"),
            ["", *(code for code in _SUBJECTS if code in set(rows["schema"]))],
            {"": reading.text("all")}
            | {code: reading.text(f"dictionary_subject_{code}") for code in _SUBJECTS},
        ),
        lambda: filters.words("dictionary_search", reading.text("dictionary_search"), _is_word),
    )
    if subject:
        rows = rows[rows["schema"] == subject]
    if sought:
        written = rows[["table", "column", "meaning", "name"]].agg(" ".join, axis=1)
        rows = rows[written.str.contains(sought, case=False, regex=False)]
    number, mart = reading.language.number, From(reading, "meta", "dictionary")
    figures.show_figures(
        reading,
        [
            mart.own_figure("dictionary_tables", number(rows["table"].nunique())),
            mart.own_figure("dictionary_columns", number(int(rows["is_column"].sum()))),
        ],
    )
    if rows.empty:
        sheet.info(reading.text("dictionary_none"), icon=":material/filter_alt_off:")
        return
    columns = [
        Column("table", reading.text("dictionary_table")),
        Column("column", reading.text("dictionary_column")),
        Column("meaning", reading.text("dictionary_meaning"), wide=True),
        Column("defined", mart.label("definition")),
        Column("name", reading.text("dictionary_name")),
    ]
    grids.show_table(reading, "dictionary", rows, columns)


def _is_word(text: str) -> bool:
    return bool(_WORD.fullmatch(text))


def _rows(reading: Reading) -> pd.DataFrame:
    """One row per table and, after it, one per column of it, by subject."""
    lang = reading.lang
    tables = [table for table in reading.tables() if table.schema in _SUBJECTS]
    tables.sort(key=lambda table: _SUBJECTS.index(table.schema))
    found = []
    for table in tables:
        name = f"{table.schema}.{table.table}"
        for entry in (table, *reading.columns(table)):
            is_column = entry.column is not None
            found.append(
                (
                    table.schema,
                    is_column,
                    table.label(lang),
                    entry.label(lang) if is_column else reading.text("dictionary_whole_table"),
                    entry.definitions.get(lang, ""),
                    figures.in_words(reading, entry.reference),
                    f"{name}.{entry.column}" if is_column else name,
                )
            )
    names = ["schema", "is_column", "table", "column", "meaning", "defined", "name"]
    return pd.DataFrame(found, columns=names)


render(current())

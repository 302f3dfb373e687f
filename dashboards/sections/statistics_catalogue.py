"""Which statistics the release holds: all of them in a table, one in its own words.

Belongs here: what the catalogue says of a statistic. Does not belong here: its figures (the page of
statistics).
"""

import pandas as pd
import streamlit as st

from dashboards import grids, sheet
from dashboards.figures import Column
from dashboards.formats import COUNT
from dashboards.outside import Markdown, escaped
from dashboards.source import Reading
from exports.catalogue import Statistic
from exports.periods import in_order, span
from exports.texts import basis, text_or


def periods(reading: Reading, statistic: Statistic) -> list[str]:
    """Return the periods that can be asked for, the newest first."""
    schema, _, table = statistic.table.replace('"', "").partition(".")
    return in_order(reading.values_of(schema, table, "ref_period"))[::-1]


def show(reading: Reading, catalogue: dict[str, Statistic]) -> None:
    """Show all statistics of the release, folded away."""
    rows = pd.DataFrame(_line(reading, one) for one in catalogue.values())
    label = reading.text("statistics_catalogue", count=len(rows))
    with st.expander(label, icon=":material/list:"):
        grids.show_table(reading, "statistics_catalogue", rows, _columns(reading))


def describe(reading: Reading, statistic: Statistic) -> None:
    """Say who is counted, on which day: in the words of the statistic itself."""
    sheet.heading(escaped(f"{statistic.code} {statistic.title(reading.lang)}"))
    with st.expander(reading.text("statistics_notes"), icon=":material/menu_book:"):
        listed = "\n".join(f"- {escaped(note)}" for note in _notes(statistic, reading.lang))
        sheet.paragraph(Markdown(listed))
        sheet.note(reading.text("statistics_versioned", version=statistic.definition_version))


def _notes(statistic: Statistic, lang: str) -> tuple[str, ...]:
    return statistic.notes_nl if lang == "nl" else statistic.notes_fr


def _line(reading: Reading, statistic: Statistic) -> dict[str, object]:
    lang, held = reading.lang, periods(reading, statistic)
    return {
        "code": statistic.code,
        "title": statistic.title(lang),
        # The first note of a statistic says who is counted.
        "population": next(iter(_notes(statistic, lang)), ""),
        "basis": ", ".join(basis(one, lang) for one in statistic.count_bases(held)),
        "periods": span(held),
        "contributor": text_or(f"contributor_{statistic.contributor}", lang, ""),
        "class": reading.text(f"statistics_class_{statistic.disclosure_class}"),
        "blocks": len(statistic.blocks),
        "version": statistic.definition_version,
    }


def _columns(reading: Reading) -> list[Column]:
    text = reading.text
    return [
        Column("code", text("statistics_code")),
        Column("title", text("statistics_name")),
        Column("population", text("statistics_population"), wide=True),
        Column("basis", text("statistics_dates")),
        Column("periods", text("statistics_periods")),
        Column("contributor", text("statistics_contributor"), text("statistics_contributor_help")),
        Column("class", text("statistics_class"), text("statistics_class_help")),
        Column("blocks", text("statistics_blocks"), format=COUNT),
        Column("version", text("statistics_version"), text("statistics_version_help")),
    ]

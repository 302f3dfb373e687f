"""A package beside what its recipient has already: what changed, and by how much.

Belongs here: the sentences and the lines of a comparison. Does not belong here: which packages are
compared and how (exports.note.changes: only cells that both of them show).
"""

from decimal import Decimal

import pandas as pd
import streamlit as st

from dashboards import grids
from dashboards.figures import Column
from dashboards.formats import COUNT, with_decimals
from dashboards.outside import escaped
from dashboards.source import Reading
from exports.catalogue import Measure
from exports.note.changes import Change, Comparison
from exports.package import Part
from exports.periods import words
from exports.reread import Reread
from exports.units import places
from exports.writers.csv import code_in

#: Of a rate, which keeps all of its decimals, so many are read.
_RATE = 2


def in_its_unit(
    reading: Reading, measure: Measure | None, values: dict[str, Decimal | None]
) -> dict[str, object]:
    """Return values of one measure as numbers, that a table sorts by, each with how it is written:
    persons have no cents.
    """
    decimals = places(measure.unit, measure.decimals) if measure else _RATE
    form = with_decimals(COUNT, _RATE if decimals is None else decimals)
    numbers = {name: None if one is None else float(one) for name, one in values.items()}
    said = {f"{name}_said": form.write(reading.language, one) for name, one in numbers.items()}
    return {**numbers, **said}


def show(reading: Reading, package: Reread, key: str) -> None:
    """Show every statistic of a package beside the last one of it that the recipient has."""
    compared = {code: found for code, found in package.changes.items() if found}
    if not compared:
        st.info(reading.text("desk_no_earlier"), icon=":material/info:")
        return
    for code, found in compared.items():
        part = package.part(code)
        st.markdown(f"#### {escaped(code)} · {escaped(part.statistic.title(reading.lang))}")
        for place, one in enumerate(found):
            _comparison(reading, package, part, one, f"{key}_{code}_{place}")


def _comparison(reading: Reading, package: Reread, part: Part, one: Comparison, key: str) -> None:
    lang, number = reading.lang, reading.language.number
    said = {"period": words(one.ref_period, lang), "release": one.earlier.release_id}
    if one.is_revision:
        counts = {"changed": number(one.changed), "compared": number(one.compared)}
        st.markdown(reading.text("desk_revised", **said, **counts))
    else:
        before = words(one.before_period, lang)
        st.markdown(reading.text("desk_evolved", before=before, **said))
    if not one.same_definitions:
        st.warning(reading.text("desk_redefined"), icon=":material/warning:")
    # Of a correction its cells, the largest first: the totals may well be as they were.
    shown = one.moved if one.is_revision else (*one.totals, *one.drivers)
    if len(part.ref_periods) > 1:
        st.caption(reading.text("desk_main_period"))
    lines = [_line(reading, package, part, change) for change in shown]
    if not lines:
        return
    if one.is_revision and one.changed > len(lines):
        st.caption(reading.text("desk_largest", shown=number(len(lines))))
    columns = [
        Column("measure", reading.text("desk_measure")),
        Column("cell", reading.text("desk_cell"), wide=True),
        Column("before", reading.text("desk_before"), format=COUNT, written="before_said"),
        Column("after", reading.text("desk_after"), format=COUNT, written="after_said"),
        Column("change", reading.text("desk_change"), format=COUNT, written="change_said"),
    ]
    grids.show_table(reading, key, pd.DataFrame(lines), columns)


def _line(reading: Reading, package: Reread, part: Part, change: Change) -> dict[str, object]:
    lang = reading.lang
    measure = next(m for m in part.statistic.measures if m.name == change.measure)
    cell = ", ".join(
        code_in(package.codes, part.statistic.dimension(name).list_name, code).label(lang)
        for name, code in change.codes.items()
    )
    return {
        "measure": measure.label_nl if lang == "nl" else measure.label_fr,
        "cell": cell or reading.text("desk_whole"),
        **in_its_unit(
            reading,
            measure,
            {"before": change.before, "after": change.after, "change": change.difference},
        ),
    }

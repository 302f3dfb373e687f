"""A delivery beside today's release: which of its cells would be different.

Belongs here: the sentence and the lines. Does not belong here: comparing and explaining
(exports.restatement). Why data changed stands in the raw history, which no page opens: the command
`vigie request restatements` knows it.
"""

import pandas as pd
import streamlit as st

from dashboards import grids
from dashboards.desk.acting import read
from dashboards.desk.differences import in_its_unit
from dashboards.figures import Column
from dashboards.formats import COUNT, SHARE
from dashboards.source import Reading
from exports.catalogue import load_catalogue, load_codes
from exports.periods import words
from exports.register.desk import Desk, delivered_version
from exports.register.outdated import outdated
from exports.register.request import Request
from exports.restatement import Restatement
from exports.restatement.compare import Restated
from exports.restatement.reasons import words as reason_words
from exports.writers.csv import code_in
from release.dictionary import read_dictionary

#: So many cells are listed; the largest changes first.
_LISTED = 500


def show(reading: Reading, desk: Desk, request: Request) -> None:
    """Show the cells of a delivery that would be different today."""
    manifest = delivered_version(request).manifest
    found = read(
        reading,
        lambda: _looked_up(desk, request.id, manifest, reading.release.id, reading.lang),
    )
    if found is None:
        return
    number = reading.language.number
    said = {"compared": number(found.compared), "release": found.release_id}
    if not found.is_due:
        st.success(reading.text("desk_same_today", **said), icon=":material/check_circle:")
        return
    counted = {"changed": number(found.changed), "new": number(found.new)}
    st.markdown(reading.text("desk_other_today", **counted, **said))
    command = "vigie request restatements " + request.id
    st.caption(reading.text("desk_other_why", command=command))
    ordered = sorted(found.cells, key=lambda cell: -abs(cell.share or 0))
    rows = pd.DataFrame(_lines(reading, ordered[:_LISTED]))
    if len(ordered) > _LISTED:
        shown = {"shown": number(_LISTED), "all": number(len(ordered))}
        st.caption(reading.text("statistics_shown", **shown))
    grids.show_table(reading, f"desk_today_{request.id}", rows, _columns(reading))


@st.cache_resource(show_spinner=False, max_entries=20)
def _looked_up(
    _desk: Desk, request_id: str, manifest: str, release_id: str, lang: str
) -> Restatement:
    (one,) = outdated(_desk, number=request_id)
    return one.restatement


def _columns(reading: Reading) -> list[Column]:
    text = reading.text
    return [
        Column("code", text("statistics_one")),
        Column("period", text("desk_period")),
        Column("measure", text("desk_measure")),
        Column("cell", text("desk_cell"), wide=True),
        Column("old", text("desk_before"), format=COUNT, written="old_said"),
        Column("new", text("desk_after"), format=COUNT, written="new_said"),
        Column("share", text("desk_share"), text("desk_share_help"), SHARE),
        Column("why", text("desk_why")),
    ]


def _lines(reading: Reading, cells: list[Restated]) -> list[dict[str, object]]:
    lang = reading.lang
    catalogue = load_catalogue(read_dictionary(reading.release))
    lists = {d.list_name for one in catalogue.values() for d in one.dimensions}
    codes = load_codes(reading.release.cursor(), lists)
    lines = []
    for cell in cells:
        statistic = catalogue[cell.code]
        measures = {m.name: m for m in statistic.measures}
        list_of = {d.name: d.list_name for d in statistic.dimensions}
        labels = [
            code_in(codes, list_of[name], code).label(lang) if name in list_of else code
            for name, code in cell.codes.items()
        ]
        measure = measures.get(cell.measure)
        label = (measure.label_nl if lang == "nl" else measure.label_fr) if measure else ""
        lines.append(
            {
                "code": cell.code,
                "period": words(cell.ref_period, lang),
                "measure": label or cell.measure,
                "cell": ", ".join(labels) or reading.text("desk_whole"),
                **in_its_unit(reading, measure, {"old": cell.old, "new": cell.new}),
                "share": None if cell.share is None else float(cell.share),
                "why": ", ".join(reason_words(one, lang) for one in cell.reasons),
            }
        )
    return lines

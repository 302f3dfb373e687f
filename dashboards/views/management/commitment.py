"""The public service commitment for the management: every promise on one screen, then the files
behind the one that is chosen.

Belongs here: the choices of this page and its screen. Does not belong here: its queries
(commitment.sql), one promise whole (sections/promise_detail.py), promises by office
(sections/promise_matrix.py), what an indicator means (the release says it), how a value is written
(dashboards/measures.py).
"""

import pandas as pd
import streamlit as st

from dashboards import downloads, figures, filters, grids, measures, periods, queries, sheet
from dashboards.desk import promise
from dashboards.figures import Column, From
from dashboards.formats import COUNT, LINE, with_decimals
from dashboards.sections import promise_detail, promise_matrix
from dashboards.sections.promise_parts import FIGURES, FUND, Chosen
from dashboards.source import Reading, current

_SPARK_QUARTERS = 8
_ROW = 27
#: Letters of the code of an indicator; a second measure has one more (SC10B).
_CODE = 4
_SQL = queries.beside(__file__)


def render(reading: Reading) -> None:
    """Draw the page."""
    measured = reading.query(_SQL["measured"])
    if measured.empty:
        sheet.info(reading.nothing("empty"), icon=":material/filter_alt_off:")
        return
    # What the release cannot know: the register of requests for statistics.
    desk = promise.from_register(reading)
    promise.told(reading, desk)
    measured = pd.concat([one for one in (measured, desk.rows()) if not one.empty])
    chosen, all_measures = _choose(reading, measured, desk)
    overview = _overview(reading, chosen)
    shown = overview if all_measures else overview[overview["code"].str.len() == _CODE]
    _screen(reading, shown.reset_index(drop=True), chosen.quarter)
    _drill(reading, overview, chosen)
    promise_matrix.show(reading, chosen, overview)


def _choose(
    reading: Reading, measured: pd.DataFrame, desk: promise.Promises
) -> tuple[Chosen, bool]:
    closing = reading.query(_SQL["closed"])["closed"].iloc[0]
    quarters = sorted(measured["quarter"].unique(), reverse=True)
    offices = [FUND, *sorted(set(measured["office_code"]) - {FUND})]
    names = {**reading.labels("office"), FUND: reading.text("whole_fund")}
    with st.container(border=True):
        first, second, third = st.columns(3, gap="medium", vertical_alignment="bottom")
        with first:
            quarter = filters.one_of(
                "commitment_quarter", reading.text("quarter"), quarters, {}, closing
            )
        with second:
            office = filters.one_of("commitment_office", reading.text("office"), offices, names)
        with third:
            every = filters.yes_no(
                "commitment_all",
                reading.text("all_measures"),
                help=reading.text("all_measures_help"),
            )
    return Chosen(measured, office, quarter, desk), every


def _overview(reading: Reading, chosen: Chosen) -> pd.DataFrame:
    """One row per measure: its figures in the quarter, the value a year before, the last
    quarters."""
    declared = reading.query(_SQL["declared"], lang=reading.lang)
    declared["is_measured"] |= declared["code"].isin(chosen.desk.codes)
    values = chosen.measured[chosen.measured["office_code"] == chosen.office]
    here = values[values["quarter"] == chosen.quarter]
    rows = declared.merge(
        here.drop(columns=["office_code", "quarter", "unit", "target"]), on="code", how="left"
    )
    quarters = periods.up_to(chosen.quarter, _SPARK_QUARTERS)
    history = values.pivot(index="code", columns="quarter", values="value").reindex(
        index=rows["code"], columns=quarters
    )
    rows["year_before"] = history[periods.year_before(chosen.quarter)].to_numpy()
    comparable = [measures.is_comparable(reading, unit, chosen.quarter) for unit in rows["unit"]]
    rows["year_before"] = rows["year_before"].where(comparable)
    # A small line has no gaps: quarters without a value are left out of it.
    rows["spark"] = [
        [float(value) for value in line if pd.notna(value)] for line in history.to_numpy()
    ]
    rows["state"] = [measures.state_of(row) for _, row in rows.iterrows()]
    of_fund = chosen.office == FUND
    rows["beyond"] = [measures.beyond(reading, row, of_fund=of_fund) for _, row in rows.iterrows()]
    sections = reading.labels("promise_section")
    rows["group"] = [f"{code} {sections.get(code, '')}".strip() for code in rows["section"]]
    order = {code: rank for rank, code in enumerate(sections)}
    rows["_section"] = rows["section"].map(order)
    return rows.sort_values(by=["_section", "code"]).reset_index(drop=True)


def _screen(reading: Reading, rows: pd.DataFrame, quarter: str) -> None:
    text, reference = reading.text, From(reading, *FIGURES).reference
    count = {state: sum(kept is state for kept in rows["state"]) for state in measures.STATES}
    sentence = text(
        "commitment_sentence",
        quarter=reading.language.quarter(quarter),
        met=count[measures.MET],
        judged=count[measures.MET] + count[measures.NEAR] + count[measures.MISSED],
        near=count[measures.NEAR],
        missed=count[measures.MISSED],
        reported=count[measures.REPORTED],
        empty=count[measures.EMPTY],
        unmeasured=count[measures.NOT_MEASURED],
    )
    sheet.paragraph(sentence, figures.defined_by(reading, reference))
    if count[measures.TOO_FEW]:
        sheet.note(reading.language.counted("commitment_few", count[measures.TOO_FEW]))
    table = measures.written(reading, rows).assign(
        indicator=rows["code"] + " · " + rows["title"],
        state_name=[measures.write_state(reading, state) for state in rows["state"]],
    )
    grids.choose(
        reading,
        "commitment",
        table,
        [
            Column("section", text("section")),
            Column("indicator", text("indicator")),
            Column("state_name", text("state"), text("state_help")),
            Column("value", text("value"), format=COUNT, written="value_written"),
            Column("target", text("target"), format=COUNT, written="target_written"),
            Column(
                "year_before",
                text("year_before"),
                text("year_before_help"),
                COUNT,
                written="year_before_written",
            ),
            Column("spark", text("last_quarters"), text("last_quarters_help"), LINE),
            Column("denominator", text("items"), text("items_help"), COUNT),
        ],
        "code",
        height=_ROW * (len(rows) + 1) + 14,
        row_height=_ROW,
        shade=(text("state"), [state.background for state in rows["state"]]),
        then=_open,
    )
    # The table has room for the number of a section; its name is told once, below.
    sheet.note(text("sections_named", names=" · ".join(dict.fromkeys(rows["group"]))))
    _download(reading, rows.assign(quarter=quarter))


def _download(reading: Reading, rows: pd.DataFrame) -> None:
    text, mart = reading.text, From(reading, *FIGURES)
    is_share, exact = rows["unit"] == "share", with_decimals(COUNT, 2)
    filed = rows.assign(
        state=[text(state.key) for state in rows["state"]],
        unit=[text(f"unit_name_{unit}") for unit in rows["unit"]],
        value=rows["value"].where(~is_share, 100 * rows["value"]),
        target=rows["target"].where(~is_share, 100 * rows["target"]),
    )
    columns = [
        Column("group", text("section")),
        Column("code", text("indicator")),
        Column("title", text("title")),
        Column("quarter", text("quarter")),
        mart.column("numerator", exact),
        mart.column("denominator", COUNT),
        Column("value", text("value"), format=exact),
        Column("target", text("target"), format=exact),
        mart.column("unit"),
        Column("state", text("state")),
    ]
    downloads.offer(reading, "commitment", filed, columns)


def _open(code: str) -> None:
    """Open the indicator of the line that is ticked; a second measure stands in the first."""
    st.session_state["commitment_code"] = code[:_CODE]


def _drill(reading: Reading, overview: pd.DataFrame, chosen: Chosen) -> None:
    sheet.heading(reading.text("behind"))
    main = overview[overview["code"].str.len() == _CODE]
    missed = main[main["state"] == measures.MISSED]
    code = filters.one_of(
        "commitment_code",
        reading.text("indicator"),
        list(main["code"]),
        {row.code: f"{row.code} · {row.title}" for row in main.itertuples()},
        missed["code"].iloc[0] if len(missed) else None,
    )
    promise_detail.show(reading, overview[overview["code"].str[:_CODE] == code], chosen)


render(current())

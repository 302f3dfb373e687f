"""The public service commitment for the management: every promise on one screen, then the files
behind the one that is chosen.

Belongs here: the queries and the sentences of this page. Does not belong here: what an indicator
means (the release says it), how a value is written (dashboards/measures.py).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, exhibits, figures, filters, measures
from dashboards.figures import Column, Figure
from dashboards.outside import escaped
from dashboards.source import Reading, current
from release import references

_FUND = "ALL"
_SPARK_QUARTERS = 8
_LISTED = 500
_ROW = 27
_ITEMS = ("service", "fct_missed_items")
_FIGURES = ("service", "mart_commitments")


def render(reading: Reading) -> None:
    """Draw the page."""
    st.title(reading.text("commitment_title"))
    st.markdown(reading.text("commitment_intro"))
    measured = reading.query(
        "select code, quarter, office_code, numerator, denominator, value, unit, target, is_met"
        " from service.mart_commitments"
    )
    if measured.empty:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    office, quarter, all_measures = _choose(reading, measured)
    overview = _overview(reading, measured[measured["office_code"] == office], quarter)
    shown = overview if all_measures else overview[overview["code"].str.len() == 4]
    shown = shown.reset_index(drop=True)
    _screen(reading, shown, quarter)
    _drill(reading, measured, overview, office, quarter)


def _choose(reading: Reading, measured: pd.DataFrame) -> tuple[str, str, bool]:
    closing = reading.query(
        "select cast(year(d) as varchar) || 'Q' || cast(quarter(d) as varchar) as closed"
        " from (select business_date + 1 - interval 3 month as d from meta.release)"
    )["closed"].iloc[0]
    quarters = sorted(measured["quarter"].unique(), reverse=True)
    offices = [_FUND, *sorted(set(measured["office_code"]) - {_FUND})]
    with st.container(border=True):
        first, second, third = st.columns(3, gap="medium", vertical_alignment="bottom")
        with first:
            quarter = filters.one_of(
                "commitment_quarter", reading.text("quarter"), quarters, {}, closing
            )
        with second:
            names = {**reading.labels("office"), _FUND: reading.text("whole_fund")}
            office = filters.one_of("commitment_office", reading.text("office"), offices, names)
        with third:
            every = st.toggle(
                reading.text("all_measures"),
                key="commitment_all",
                help=reading.text("all_measures_help"),
            )
    return office, quarter, every


def _overview(reading: Reading, values: pd.DataFrame, quarter: str) -> pd.DataFrame:
    """One row per measure: its figures in the quarter, the value before, the last quarters."""
    lang = reading.lang
    declared = reading.query(
        f"select code, section, promise_{lang} as promise, title_{lang} as title,"
        f" definition_{lang} as definition, unit as declared_unit, target as declared_target,"
        f" extracts, breakdown_list, is_measured, not_measured_{lang} as not_measured"
        " from service.dim_commitment order by rank"
    )
    here = values[values["quarter"] == quarter].drop(columns=["office_code", "quarter"])
    rows = declared.merge(here, on="code", how="left")
    rows["unit"] = rows["declared_unit"]
    rows["target"] = rows["declared_target"]
    quarters = _quarters_to(quarter)
    history = values.pivot(index="code", columns="quarter", values="value").reindex(
        index=rows["code"], columns=quarters
    )
    before = history[quarters[:-1]].ffill(axis=1).iloc[:, -1]
    rows["before"] = before.to_numpy()
    # A small line has no gaps: quarters without a value are left out of it.
    rows["spark"] = [
        [float(value) for value in line if pd.notna(value)] for line in history.to_numpy()
    ]
    rows["state"] = [measures.state_of(row) for _, row in rows.iterrows()]
    sections = reading.labels("promise_section")
    rows["group"] = [f"{code} {sections.get(code, '')}".strip() for code in rows["section"]]
    order = {code: rank for rank, code in enumerate(sections)}
    return rows.sort_values(
        by=["section", "code"],
        key=lambda column: column.map(order) if column.name == "section" else column,
    ).reset_index(drop=True)


def _quarters_to(quarter: str) -> list[str]:
    """The last quarters up to this one."""
    last = 4 * int(quarter[:4]) + int(quarter[-1]) - 1
    return [f"{n // 4}Q{n % 4 + 1}" for n in range(last - _SPARK_QUARTERS + 1, last + 1)]


def _screen(reading: Reading, rows: pd.DataFrame, quarter: str) -> None:
    count = {state: sum(kept is state for kept in rows["state"]) for state in measures.STATES}
    judged = count[measures.MET] + count[measures.NEAR] + count[measures.MISSED]
    st.markdown(
        reading.text(
            "commitment_sentence",
            quarter=quarter,
            met=count[measures.MET],
            judged=judged,
            near=count[measures.NEAR],
            missed=count[measures.MISSED],
            reported=count[measures.REPORTED],
            empty=count[measures.EMPTY],
            unmeasured=count[measures.NOT_MEASURED],
        ),
        help=figures.defined_by(reading, reading.entry(*_FIGURES).reference) or None,
    )
    text, language = reading.text, reading.language
    written = pd.DataFrame(
        {
            text("section"): rows["section"],
            text("indicator"): [f"{r.code} · {r.title}" for r in rows.itertuples()],
            text("state"): [measures.write_state(reading, state) for state in rows["state"]],
            text("value"): [
                measures.write_value(reading, r.value, r.unit) for r in rows.itertuples()
            ],
            text("target"): [
                measures.write_target(reading, r.target, r.unit) for r in rows.itertuples()
            ],
            text("last_quarters"): rows["spark"],
            text("trend"): [
                measures.write_trend(reading, r.value, r.before, r.unit) for r in rows.itertuples()
            ],
            text("items"): [language.number(value) for value in rows["denominator"]],
        }
    )
    state_column = text("state")
    colours = [state.background for state in rows["state"]]
    styled = written.style.apply(
        lambda _: [f"background-color: {colour}" for colour in colours], subset=[state_column]
    )
    chosen = st.dataframe(
        styled,
        hide_index=True,
        height=_ROW * (len(rows) + 1) + 14,
        row_height=_ROW,
        selection_mode="single-row",
        on_select="rerun",
        key="commitment_table",
        column_config={
            text("section"): st.column_config.TextColumn(width=50),
            text("indicator"): st.column_config.TextColumn(width=492),
            state_column: st.column_config.TextColumn(width=98, help=text("state_help")),
            text("value"): st.column_config.TextColumn(alignment="right", width=82),
            text("target"): st.column_config.TextColumn(alignment="right", width=68),
            text("last_quarters"): st.column_config.LineChartColumn(
                width=96, help=text("last_quarters_help"), color=charts.BLUE
            ),
            text("trend"): st.column_config.TextColumn(width=88, help=text("trend_help")),
            text("items"): st.column_config.TextColumn(
                alignment="right", width=62, help=text("items_help")
            ),
        },
    )
    # The table has room for the number of a section; its name is told once, below.
    st.caption(text("sections_named", names=" · ".join(dict.fromkeys(rows["group"]))))
    picked = chosen.selection.rows
    if picked and st.session_state.get("commitment_picked") != picked:
        st.session_state["commitment_code"] = rows.iloc[picked[0]]["code"]
    st.session_state["commitment_picked"] = picked
    table = rows.assign(state=[reading.text(state.key) for state in rows["state"]], quarter=quarter)
    figures.download(
        reading,
        "commitment",
        table,
        [
            Column(name, label)
            for name, label in (
                ("group", text("section")),
                ("code", text("indicator")),
                ("title", text("title")),
                ("quarter", text("quarter")),
                ("numerator", reading.label_of(*_FIGURES, "numerator")),
                ("denominator", reading.label_of(*_FIGURES, "denominator")),
                ("value", text("value")),
                ("unit", reading.label_of(*_FIGURES, "unit")),
                ("target", text("target")),
                ("state", text("state")),
            )
        ],
    )


def _drill(
    reading: Reading, measured: pd.DataFrame, overview: pd.DataFrame, office: str, quarter: str
) -> None:
    st.subheader(reading.text("behind"))
    main = overview[overview["code"].str.len() == 4]
    missed = main[main["state"] == measures.MISSED]
    names = {row.code: f"{row.code} · {row.title}" for row in overview.itertuples()}
    code = filters.one_of(
        "commitment_code",
        reading.text("indicator"),
        list(overview["code"]),
        names,
        missed["code"].iloc[0] if len(missed) else None,
    )
    measure = overview[overview["code"] == code].iloc[0]
    st.markdown(f"> {escaped(measure['promise'])}")
    st.markdown(escaped(measure["definition"]))
    st.caption(reading.text("computed_from", extracts=measure["extracts"]))
    if not measure["is_measured"]:
        st.info(escaped(measure["not_measured"]), icon=":material/hourglass_empty:")
        return
    _measure_figures(reading, measure)
    left, right = st.columns(2, gap="large")
    with left:
        _history(reading, measured, measure, office)
    with right:
        _parts(reading, measured, measure, office, quarter)
    _missed(reading, measure, office, quarter)


def _measure_figures(reading: Reading, measure: pd.Series) -> None:
    number = reading.language.number
    reference = references.joined([measure["code"][:4], reading.entry(*_FIGURES).reference])

    def own(key: str, value: str, meaning: str, beside: str = "") -> Figure:
        return Figure(reading.text(key), value, meaning, beside, reference)

    value = measures.write_value(reading, measure["value"], measure["unit"])
    state = measures.write_state(reading, measure["state"])
    target = measures.write_target(reading, measure["target"], measure["unit"])
    shown = [
        own("value", value, escaped(measure["definition"]), state),
        own("target", target, ""),
        own("items", number(measure["denominator"]), reading.text("items_help")),
    ]
    if measure["unit"] == "share":
        shown.append(own("not_met", number(measure["denominator"] - measure["numerator"]), ""))
    figures.show_figures(reading, shown)


def _history(reading: Reading, measured: pd.DataFrame, measure: pd.Series, office: str) -> None:
    st.markdown("**" + reading.text("by_quarter") + "**")
    rows = measured[(measured["code"] == measure["code"]) & (measured["office_code"] == office)]
    rows = rows.sort_values("quarter").tail(20)
    if rows.empty:
        st.info(reading.text("no_items"))
        return
    unit = measure["unit"]
    first, last = rows.iloc[0], rows.iloc[-1]
    sentence = reading.text(
        "by_quarter_sentence",
        first=measures.write_value(reading, first["value"], unit),
        first_quarter=first["quarter"],
        last=measures.write_value(reading, last["value"], unit),
        last_quarter=last["quarter"],
    )
    target = None if pd.isna(measure["target"]) else float(measure["target"])
    chart = charts.value_line(
        rows,
        x="quarter",
        x_title=reading.text("quarter"),
        y="value",
        y_title=reading.text("value"),
        order=list(rows["quarter"]),
        format={"share": ".1%", "EUR": "$,.0f"}.get(unit, ",.1f"),
        target=target,
        target_label=f"{reading.text('target')} {measures.write_target(reading, target, unit)}",
    )
    exhibits.show(
        reading,
        "commitment_history",
        chart,
        sentence,
        rows,
        _figure_columns(reading, unit, "quarter"),
    )


def _parts(
    reading: Reading, measured: pd.DataFrame, measure: pd.Series, office: str, quarter: str
) -> None:
    """The quarter by office, and by the detail that the indicator declares."""
    code, unit = measure["code"], measure["unit"]
    if office == _FUND:
        offices = measured[
            (measured["code"] == code)
            & (measured["quarter"] == quarter)
            & (measured["office_code"] != _FUND)
        ].sort_values("value", ascending=unit == "share")
        if not offices.empty:
            st.markdown("**" + reading.text("by_office") + "**")
            worst = offices.iloc[0]
            names = reading.labels("office")
            st.markdown(
                reading.text(
                    "by_office_sentence",
                    office=names.get(worst["office_code"], worst["office_code"]),
                    value=measures.write_value(reading, worst["value"], unit),
                )
            )
            offices["office_code"] = reading.named("office", offices["office_code"])
            figures.show_table(
                reading,
                "commitment_offices",
                offices,
                _figure_columns(reading, unit, "office_code"),
            )
    if pd.isna(measure["breakdown_list"]):
        return
    detail = reading.query(
        "select breakdown_code, numerator, denominator, value from service.mart_commitments_detail"
        " where code = $code and quarter = $quarter and office_code = $office order by value",
        code=code,
        quarter=quarter,
        office=office,
    )
    if detail.empty:
        return
    st.markdown("**" + reading.text("by_detail") + "**")
    detail["breakdown_code"] = reading.named(measure["breakdown_list"], detail["breakdown_code"])
    figures.show_table(
        reading, "commitment_detail", detail, _figure_columns(reading, unit, "breakdown_code")
    )


def _figure_columns(reading: Reading, unit: str, first: str) -> list[Column]:
    table = "mart_commitments_detail" if first == "breakdown_code" else "mart_commitments"
    number = reading.language.number
    columns = [figures.column_of(reading, "service", table, first)]
    if unit in ("share", "EUR"):
        columns.append(
            figures.column_of(
                reading, "service", table, "numerator", None if unit == "EUR" else number
            )
        )
    columns.append(figures.column_of(reading, "service", table, "denominator", number))
    columns.append(
        Column("value", reading.text("value"), "", lambda v: measures.write_value(reading, v, unit))
    )
    return columns


def _missed(reading: Reading, measure: pd.Series, office: str, quarter: str) -> None:
    st.markdown("**" + reading.text("missed_items") + "**")
    where = (
        "from service.fct_missed_items where code = $code and quarter = $quarter"
        " and ($office = 'ALL' or office_code = $office)"
    )
    chosen = {"code": measure["code"], "quarter": quarter, "office": office}
    count = int(reading.query(f"select count(*) as items {where}", **chosen)["items"].iloc[0])
    if not count:
        st.success(reading.text("missed_none"), icon=":material/check_circle:")
        return
    rows = reading.query(
        "select item_key, account_id, office_code, breakdown_code, started_date, deadline_date,"
        f" done_date, days_over, amount {where}"
        f" order by days_over desc nulls last, abs(amount) desc nulls last, item_key"
        f" limit {_LISTED}",
        **chosen,
    )
    rows["days_over"] = rows["days_over"].astype("Float64").astype(float)
    worst = rows["days_over"].max()
    st.markdown(
        reading.text(
            "missed_sentence" if pd.notna(worst) else "missed_sentence_plain",
            count=reading.language.number(count),
            shown=reading.language.number(len(rows)),
            days=reading.language.number(worst),
        )
    )
    rows["office_code"] = reading.named("office", rows["office_code"])
    if pd.notna(measure["breakdown_list"]):
        rows["breakdown_code"] = reading.named(measure["breakdown_list"], rows["breakdown_code"])
    for name in ("started_date", "deadline_date", "done_date"):
        rows[name] = rows[name].dt.strftime("%d/%m/%Y")
    said = [name for name in rows.columns if rows[name].notna().any()]
    rows = rows.fillna({name: "" for name in said if rows[name].dtype == object})
    writers = {"days_over": reading.language.number, "amount": reading.language.euros}
    columns = [
        figures.column_of(reading, *_ITEMS, name, writers.get(name))
        # A column that says nothing of this promise is left out.
        for name in said
    ]
    figures.show_table(reading, "commitment_missed", rows, columns)


render(current())

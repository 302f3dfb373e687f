"""The public service commitment for the management: every promise on one screen, then the files
behind the one that is chosen.

Belongs here: the queries and the sentences of this page. Does not belong here: what an indicator
means (the release says it), how a value is written (dashboards/measures.py).
"""

import pandas as pd
import streamlit as st

from dashboards import charts, downloads, exhibits, figures, filters, grids, measures, rankings
from dashboards.access import parts
from dashboards.desk import promise
from dashboards.figures import Column, Figure
from dashboards.formats import COUNT, DAY, EUROS, LINE, TEXT, with_decimals
from dashboards.outside import escaped
from dashboards.source import Reading, current
from release import references

_FUND = "ALL"
_SPARK_QUARTERS = 8
_LISTED = 500
_HISTORY = 20
_ROW = 27
#: Of fewer offices none is the lowest.
_COMPARED = 2
#: Letters of the code of an indicator; a second measure has one more (SC10B).
_CODE = 4
_DAYS = ("started_date", "deadline_date", "done_date")
_ITEMS = ("service", "fct_missed_items")
_FIGURES = ("service", "mart_commitments")


def render(reading: Reading) -> None:
    """Draw the page."""
    measured = reading.query(
        "select code, quarter, office_code, numerator, denominator, value, unit, target, is_met"
        " from service.mart_commitments"
    )
    if measured.empty:
        st.info(reading.text("empty"), icon=":material/filter_alt_off:")
        return
    # What the release cannot know: the register of requests for statistics.
    desk = promise.from_register(reading)
    promise.told(reading, desk)
    measured = pd.concat([one for one in (measured, desk.rows()) if not one.empty])
    office, quarter, all_measures = _choose(reading, measured)
    overview = _overview(reading, measured[measured["office_code"] == office], quarter, desk)
    shown = overview if all_measures else overview[overview["code"].str.len() == _CODE]
    shown = shown.reset_index(drop=True)
    _screen(reading, shown, quarter)
    _drill(reading, measured, overview, office, quarter, desk)


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


def _overview(
    reading: Reading, values: pd.DataFrame, quarter: str, desk: promise.Promises
) -> pd.DataFrame:
    """One row per measure: its figures in the quarter, the value before, the last quarters."""
    lang = reading.lang
    declared = reading.query(
        f"select code, section, promise_{lang} as promise, title_{lang} as title,"
        f" definition_{lang} as definition, unit as declared_unit, target as declared_target,"
        f" extracts, breakdown_list, is_measured, not_measured_{lang} as not_measured"
        " from service.dim_commitment order by rank"
    )
    declared["is_measured"] |= declared["code"].isin(desk.codes)
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
            quarter=reading.language.quarter(quarter),
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
    text = reading.text
    units = zip(rows["value"], rows["target"], rows["before"], rows["unit"], strict=True)
    written = [
        (
            measures.write_value(reading, value, unit),
            measures.write_target(reading, target, unit),
            measures.write_trend(reading, value, before, unit),
        )
        for value, target, before, unit in units
    ]
    table = rows.assign(
        indicator=rows["code"] + " · " + rows["title"],
        state_name=[measures.write_state(reading, state) for state in rows["state"]],
        trend=rows["value"] - rows["before"],
    )
    table[["value_written", "target_written", "trend_written"]] = written
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
            Column("spark", text("last_quarters"), text("last_quarters_help"), LINE),
            Column("trend", text("trend"), text("trend_help"), COUNT, written="trend_written"),
            Column("denominator", text("items"), text("items_help"), COUNT),
        ],
        "code",
        height=_ROW * (len(rows) + 1) + 14,
        row_height=_ROW,
        shade=(text("state"), [state.background for state in rows["state"]]),
        then=_open,
    )
    # The table has room for the number of a section; its name is told once, below.
    st.caption(text("sections_named", names=" · ".join(dict.fromkeys(rows["group"]))))
    is_share = rows["unit"] == "share"
    filed = rows.assign(
        state=[text(state.key) for state in rows["state"]],
        quarter=quarter,
        unit=[text(f"unit_name_{unit}") for unit in rows["unit"]],
        value=rows["value"].where(~is_share, 100 * rows["value"]),
        target=rows["target"].where(~is_share, 100 * rows["target"]),
    )
    exact = with_decimals(COUNT, 2)
    downloads.offer(
        reading,
        "commitment",
        filed,
        [
            Column("group", text("section")),
            Column("code", text("indicator")),
            Column("title", text("title")),
            Column("quarter", text("quarter")),
            Column("numerator", reading.label_of(*_FIGURES, "numerator"), format=exact),
            Column("denominator", reading.label_of(*_FIGURES, "denominator"), format=COUNT),
            Column("value", text("value"), format=exact),
            Column("target", text("target"), format=exact),
            Column("unit", reading.label_of(*_FIGURES, "unit")),
            Column("state", text("state")),
        ],
    )


def _open(code: str) -> None:
    """Open the indicator of the line that is ticked; a second measure stands in the first."""
    st.session_state["commitment_code"] = code[:_CODE]


def _drill(
    reading: Reading,
    measured: pd.DataFrame,
    overview: pd.DataFrame,
    office: str,
    quarter: str,
    desk: promise.Promises,
) -> None:
    st.subheader(reading.text("behind"))
    main = overview[overview["code"].str.len() == _CODE]
    missed = main[main["state"] == measures.MISSED]
    names = {row.code: f"{row.code} · {row.title}" for row in main.itertuples()}
    code = filters.one_of(
        "commitment_code",
        reading.text("indicator"),
        list(main["code"]),
        names,
        missed["code"].iloc[0] if len(missed) else None,
    )
    first = overview[overview["code"] == code].iloc[0]
    st.markdown(f"> {escaped(first['promise'])}")
    st.caption(reading.text("computed_from", extracts=first["extracts"]))
    _measure(reading, measured, first, office, quarter, desk)
    others = overview[(overview["code"].str[:_CODE] == code) & (overview["code"] != code)]
    for _, other in others.iterrows():
        st.markdown(f"#### {escaped(other['code'])} · {escaped(other['title'])}")
        _measure(reading, measured, other, office, quarter, desk)


def _measure(
    reading: Reading,
    measured: pd.DataFrame,
    measure: pd.Series,
    office: str,
    quarter: str,
    desk: promise.Promises,
) -> None:
    """One measure whole: what it means, its figures, its quarters and parts, the files behind."""
    st.markdown(escaped(measure["definition"]))
    if not measure["is_measured"]:
        st.info(escaped(measure["not_measured"]), icon=":material/hourglass_empty:")
        return
    _measure_figures(reading, measure)
    left, right = st.columns(2, gap="large")
    with left:
        _history(reading, measured, measure, office, quarter)
    with right:
        _parts(reading, measured, measure, office, quarter)
    if measure["code"] in desk.codes:
        promise.missed(reading, desk, measure["code"], quarter)
    else:
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


def _history(
    reading: Reading, measured: pd.DataFrame, measure: pd.Series, office: str, quarter: str
) -> None:
    st.markdown("**" + reading.text("by_quarter") + "**")
    rows = measured[(measured["code"] == measure["code"]) & (measured["office_code"] == office)]
    rows = rows.sort_values("quarter").tail(_HISTORY)
    if rows.empty:
        st.info(reading.text("no_items"))
        return
    unit = measure["unit"]
    running = reading.running_quarter()
    rows["is_running"] = rows["quarter"] >= running
    sentence = _history_sentence(reading, rows, measure, quarter)
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
        hollow="is_running",
    )
    exhibits.show(
        reading,
        f"commitment_history_{measure['code']}",
        chart,
        sentence,
        rows,
        _figure_columns(reading, unit, "quarter"),
        note=reading.text("running_note", quarter=reading.language.quarter(running))
        if rows["is_running"].any()
        else "",
    )


def _history_sentence(
    reading: Reading, rows: pd.DataFrame, measure: pd.Series, quarter: str
) -> str:
    """Speak of the quarter that is chosen, beside the one a year before; never of one that runs."""
    language, unit = reading.language, measure["unit"]
    chosen = rows[rows["quarter"] == quarter]
    if chosen.empty:
        return reading.text("by_quarter_empty", quarter=language.quarter(quarter))
    if chosen["is_running"].iloc[0]:
        return reading.text("by_quarter_running", quarter=language.quarter(quarter))
    values = {
        "quarter": language.quarter(quarter),
        "value": measures.write_value(reading, chosen["value"].iloc[0], unit),
    }
    before = rows[rows["quarter"] == f"{int(quarter[:4]) - 1}{quarter[4:]}"]
    if before.empty:
        return reading.text("by_quarter_sentence_alone", **values)
    return reading.text(
        "by_quarter_sentence",
        before=measures.write_value(reading, before["value"].iloc[0], unit),
        before_quarter=language.quarter(before["quarter"].iloc[0]),
        **values,
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
            _lowest_office(reading, offices, unit)
            offices["office_code"] = reading.named("office", offices["office_code"])
            grids.show_table(
                reading,
                f"commitment_offices_{code}",
                offices,
                _figure_columns(reading, unit, "office_code"),
            )
    if pd.isna(measure["breakdown_list"]):
        return
    if not parts.is_shown(reading, "service.mart_commitments_detail"):
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
    grids.show_table(
        reading,
        f"commitment_detail_{code}",
        detail,
        _figure_columns(reading, unit, "breakdown_code"),
    )


def _lowest_office(reading: Reading, offices: pd.DataFrame, unit: str) -> None:
    """Name the office with the lowest share, where enough items stand behind it (H13)."""
    if unit != "share":
        return
    judged = rankings.enough(offices, "denominator")
    if len(judged) < _COMPARED:
        st.markdown(reading.text("too_few", least=rankings.LEAST))
        return
    lowest = judged.loc[judged["value"].idxmin()]
    name = reading.label("office", lowest["office_code"])
    st.markdown(
        reading.text(
            "by_office_sentence",
            office=reading.language.of(name),
            value=rankings.with_interval(reading, lowest["numerator"], lowest["denominator"]),
        )
    )


def _figure_columns(reading: Reading, unit: str, first: str) -> list[Column]:
    table = "mart_commitments_detail" if first == "breakdown_code" else "mart_commitments"
    columns = [figures.column_of(reading, "service", table, first)]
    if unit in ("share", "EUR"):
        columns.append(
            figures.column_of(
                reading, "service", table, "numerator", EUROS if unit == "EUR" else COUNT
            )
        )
    columns.append(figures.column_of(reading, "service", table, "denominator", COUNT))
    columns.append(Column("value", reading.text("value"), "", measures.format_of(unit)))
    return columns


def _missed(reading: Reading, measure: pd.Series, office: str, quarter: str) -> None:
    st.markdown("**" + reading.text("missed_items") + "**")
    if not parts.is_shown(reading, "service.fct_missed_items"):
        return
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
        # What is not done yet is late by the day on which somebody looks (H7).
        " done_date, amount, case when done_date is null and deadline_date is not null"
        " then date_diff('day', deadline_date, cast($today as date)) else days_over end"
        f" as days_over {where}"
        f" order by days_over desc nulls last, abs(amount) desc nulls last, item_key"
        f" limit {_LISTED}",
        today=reading.looked_on,
        **chosen,
    )
    rows["days_over"] = rows["days_over"].astype("Float64").astype(float)
    worst = rows["days_over"].max()
    language = reading.language
    said = {"all": language.number(count), "shown": language.number(len(rows))}
    if pd.isna(worst):
        st.markdown(reading.text("missed_sentence_plain", **said))
    else:
        st.markdown(language.counted("missed_sentence", worst, **said))
        st.caption(
            reading.text(
                "days_counted",
                today=language.day(reading.looked_on),
                date=language.day(reading.release.business_date),
            )
        )
    rows["office_code"] = reading.named("office", rows["office_code"])
    if pd.notna(measure["breakdown_list"]):
        rows["breakdown_code"] = reading.named(measure["breakdown_list"], rows["breakdown_code"])
    said = [name for name in rows.columns if rows[name].notna().any()]
    formats = {"days_over": COUNT, "amount": EUROS, **dict.fromkeys(_DAYS, DAY)}
    columns = [
        figures.column_of(reading, *_ITEMS, name, formats.get(name, TEXT))
        # A column that says nothing of this promise is left out.
        for name in said
    ]
    grids.show_table(reading, f"commitment_missed_{measure['code']}", rows, columns)


render(current())

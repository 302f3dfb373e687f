"""Promises by office: which office keeps which promise, where enough files stand behind it.

Belongs here: the matrix of shares with their intervals. Does not belong here: one promise whole
(sections/promise_detail.py), how few files are too few (rankings).
"""

import pandas as pd

from dashboards import exhibits, measures, rankings, sheet
from dashboards.charts_matrix import states
from dashboards.figures import Column, From
from dashboards.formats import COUNT, NEARLY_ALL, SHARE, with_decimals
from dashboards.sections.promise_parts import FIGURES, FUND, Chosen
from dashboards.source import Reading


def show(reading: Reading, chosen: Chosen, overview: pd.DataFrame) -> None:
    """Show the shares of every promise in every office, in the chosen quarter."""
    sheet.heading(reading.text("matrix"))
    rows = cells(reading, chosen, overview)
    if rows.empty:
        sheet.info(reading.nothing("no_items"))
        return
    # Promises that no office has enough files of would hide the others: they are in the table.
    known = [state is not measures.TOO_FEW for state in rows["state"]]
    drawn = rows[rows["code"].isin(rows.loc[known, "code"])] if any(known) else rows
    chart = states(
        drawn[["office", "code", "title", "state_name", "written", "said"]],
        x="office",
        y="code",
        state="state_name",
        colours=dict(zip(drawn["state_name"], drawn["colour"], strict=True)),
        written="written",
        details={"title": reading.text("indicator"), "said": reading.text("value")},
        titles=(reading.text("office"), reading.text("indicator")),
        x_order=sorted(set(drawn["office"])),
        y_order=list(dict.fromkeys(drawn["code"])),
    )
    mart, text = From(reading, *FIGURES), reading.text
    columns = [
        Column("code", text("indicator")),
        Column("title", text("title")),
        mart.column("office_code"),
        Column("state_name", text("state"), text("matrix_state_help")),
        Column("value", text("value"), format=NEARLY_ALL),
        Column("low", text("interval_low"), text("interval_help"), SHARE),
        Column("high", text("interval_high"), text("interval_help"), SHARE),
        *mart.columns(("numerator", "denominator"), COUNT),
        Column("target", text("target"), format=SHARE),
    ]
    shown = rows.assign(office_code=rows["office"])
    exhibits.show(
        reading, "commitment_matrix", chart, _sentence(reading, rows), shown, columns,
        note=text("matrix_note", least=rankings.LEAST),
    )  # fmt: skip


def cells(reading: Reading, chosen: Chosen, overview: pd.DataFrame) -> pd.DataFrame:
    """Return one row per promise and office with files: share, interval, state."""
    measured = chosen.measured
    here = (measured["quarter"] == chosen.quarter) & (measured["office_code"] != FUND)
    promised = overview.loc[overview["unit"] == "share", ["code", "title"]]
    promised = promised.assign(_rank=range(len(promised)))
    rows = measured[here].merge(promised, on="code")
    rows = rows[rows["denominator"].astype(float) > 0].sort_values(["_rank", "office_code"])
    if rows.empty:
        return rows
    rows["office"] = reading.named("office", rows["office_code"])
    rows["beyond"] = [measures.beyond(reading, row, of_fund=False) for _, row in rows.iterrows()]
    told = list(zip(rows["numerator"], rows["denominator"], rows["beyond"], strict=True))
    rows["low"] = [_bound(kept, items, 0) for kept, items, _ in told]
    rows["high"] = [_bound(kept + more, items, 1) for kept, items, more in told]
    few = rows["denominator"].astype(float) < rankings.LEAST
    judged = rows.assign(is_measured=True)
    rows["state"] = [
        measures.TOO_FEW if is_few else measures.state_of(row)
        for is_few, (_, row) in zip(few, judged.iterrows(), strict=True)
    ]
    rows["state_name"] = [measures.write_state(reading, state) for state in rows["state"]]
    rows["colour"] = [state.background for state in rows["state"]]
    form = with_decimals(NEARLY_ALL, 0)
    rows["written"] = [
        state.sign
        if state is measures.TOO_FEW
        else f"{state.sign} {measures.at_least(form.write(reading.language, value), more)}"
        for state, value, more in zip(rows["state"], rows["value"], rows["beyond"], strict=True)
    ]
    rows["said"] = [
        "–" if pd.isna(kept) else rankings.with_interval(reading, kept, items, more)
        for kept, items, more in told
    ]
    return rows.reset_index(drop=True)


def _bound(kept: float, items: float, which: int) -> float | None:
    """The low or the high end of the interval of a share; none where the share is not told."""
    return None if pd.isna(kept) else rankings.wilson(kept, items)[which]


def _sentence(reading: Reading, rows: pd.DataFrame) -> str:
    """How many are missed, and which one most clearly: its whole interval lies under its target."""
    number = reading.language.number
    known = rows[[state is not measures.TOO_FEW for state in rows["state"]]]
    missed = known[[state is measures.MISSED for state in known["state"]]]
    counts = {"known": number(len(known)), "few": number(len(rows) - len(known))}
    clear = missed[missed["high"] < missed["target"].astype(float)]
    if known.empty:
        return reading.text("matrix_sentence_few", least=rankings.LEAST, **counts)
    if clear.empty:
        return reading.text("matrix_sentence", missed=number(len(missed)), **counts)
    worst = clear.loc[(clear["target"].astype(float) - clear["high"]).idxmax()]
    return reading.text(
        "matrix_sentence_clear",
        missed=number(len(missed)),
        clear=number(len(clear)),
        promise=f"{worst['code']} {worst['title']}",
        office=reading.language.of(worst["office"]),
        value=worst["said"],
        **counts,
    )

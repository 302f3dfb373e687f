"""The rate of collection, period by period, beside that of a year before at the same age.

Belongs here: its chart and its sentence, what the figures of the page are compared with. Does not
belong here: the amounts themselves (the page), how a comparison is said (comparison).
"""

import pandas as pd

from dashboards import charts, comparison, exhibits, queries, sheet
from dashboards.figures import Column, From
from dashboards.formats import EUROS, SHARE
from dashboards.source import Reading

_MART = ("contribution", "mart_quarter")
_EARLIER = ("contribution", "mart_quarter_earlier")
_SQL = queries.beside(__file__)


def totals_earlier(reading: Reading, chosen: dict) -> pd.Series:
    """Return the totals of the same periods a year before, at the same age; empty where the first
    of them has no figures."""
    if not reading.has(*_EARLIER):
        return pd.Series(dtype=float)
    totals = reading.query(_SQL["totals_earlier"], **chosen).iloc[0]
    return comparison.whole(totals, chosen["first"] - 1)


def show(reading: Reading, rows: pd.DataFrame, chosen: dict, step: str) -> None:
    """Show the rate of each period of `rows` (the sums of the page, by `step`)."""
    language = reading.language
    sheet.heading(reading.text("chart_rate"))
    # Yearly amounts have another rhythm than quarters; beside them they would break the line.
    quarters = rows[rows["contribution_quarter"].notna()]
    shown = (quarters if len(quarters) else rows).dropna(subset=["collection_rate"])
    if shown.empty:
        sheet.info(reading.nothing("empty"))
        return
    running = reading.running_quarter()
    shown = shown.assign(is_running=shown["period"].isin([running, running[:4]]))
    shown = _with_earlier(reading, shown, chosen, step)
    # Recent periods had less time to be paid: no best and no lowest is named.
    closed = shown[~shown["is_running"]]
    last = (shown if closed.empty else closed).iloc[-1]
    has_earlier = shown["earlier_rate"].notna().any()
    sentence = reading.text(
        "chart_rate_sentence" if has_earlier else "chart_rate_sentence_alone",
        period=language.period(last["period"]),
        rate=language.percent(last["collection_rate"]),
        compared=comparison.equal_age(
            reading, SHARE, last["collection_rate"], last["earlier_rate"]
        ),
    )
    chart = charts.rate_line(
        shown,
        x="period",
        x_title=reading.text("period"),
        y="collection_rate",
        y_title=reading.text("rate_axis"),
        order=list(shown["period"]),
        hollow="is_running",
        earlier=("earlier_rate", reading.text("earlier_rate")),
    )
    mart = From(reading, *_MART)
    columns = [
        Column("period", reading.text("period")),
        *mart.columns(("claimed_amount", "collected_amount"), EUROS),
        mart.column("collection_rate", SHARE),
        mart.own_column("earlier_rate", "earlier_rate", SHARE),
    ]
    exhibits.show(reading, "contributions_rate", chart, sentence, shown, columns)


def _with_earlier(reading: Reading, shown: pd.DataFrame, chosen: dict, step: str) -> pd.DataFrame:
    if not reading.has(*_EARLIER):
        return shown.assign(earlier_rate=float("nan"))
    earlier = reading.query(_SQL[f"by_{step}_earlier"], **chosen)
    keys = ["contribution_year", "contribution_quarter"]
    earlier = earlier.set_index([earlier[key].fillna(0).astype(int) for key in keys])
    places = pd.MultiIndex.from_arrays([shown[key].fillna(0).astype(int) for key in keys])
    return shown.assign(earlier_rate=earlier["earlier_rate"].reindex(places).to_numpy())

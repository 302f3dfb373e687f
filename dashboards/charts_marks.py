"""Charts of single things: from one amount to another, a whole and its parts, rates with their
doubt, events of a life.

Belongs here: waterfalls, parts of a whole, intervals, timelines. Does not belong here: data,
sentences.
"""

import altair as alt
import pandas as pd

from dashboards.charts import (
    BLUE,
    GREEN,
    GREY,
    LINES,
    VERMILLION,
    dashed_level,
    drawn_once,
    legend,
    number_axis,
    with_legend,
    wrapped,
)
from dashboards.charts_curves import SERIES

# Characters of a name on one line under a bar.
_NAME_WIDTH = 14


@drawn_once
def waterfall(
    rows: pd.DataFrame, *, label: str, value: str, kind: str, written: str, y_title: str
) -> alt.LayerChart:
    """Movements, each hanging where the last ended, from nothing on.

    `kind` of a row: `more` or `less` (what it did), or `sum` (all of them together, on the ground).
    """
    order = [wrapped(name, _NAME_WIDTH) for name in rows[label]]
    is_sum = rows[kind] == "sum"
    ends = rows[value].where(~is_sum, 0).cumsum().where(~is_sum, rows[value])
    starts = (ends - rows[value]).where(~is_sum, 0)
    shown = rows.assign(_name=order, _from=starts, _to=ends)
    base = alt.Chart(shown).encode(
        x=alt.X(
            "_name:N",
            sort=order,
            title=None,
            axis=alt.Axis(labelExpr=LINES, labelAngle=0, labelOverlap=False),
        )
    )
    low, high = min(0, *starts, *ends), max(0, *starts, *ends)
    room = (high - low) * 0.15 or 1
    # Room for the texts above the bars; below, the ground is the edge unless something hangs there.
    domain = [low - room if low < 0 else 0, high + room]
    scale = alt.Scale(domain=domain, nice=False)
    colours = alt.Scale(domain=["sum", "more", "less"], range=[BLUE, VERMILLION, GREEN])
    bars = base.mark_bar().encode(
        y=alt.Y("_from:Q", title=y_title, scale=scale, axis=number_axis(6)),
        y2="_to:Q",
        color=alt.Color(f"{kind}:N", legend=None, scale=colours),
        tooltip=[
            alt.Tooltip(f"{label}:N", title=" "),
            alt.Tooltip(f"{written}:N", title=y_title),
        ],
    )
    texts = (
        base.transform_calculate(_top="max(datum._from, datum._to)")
        .mark_text(dy=-8, fontSize=11)
        .encode(y=alt.Y("_top:Q", scale=scale, axis=number_axis(6)), text=f"{written}:N")
    )
    return (bars + texts).properties(height=330)


@drawn_once
def rates_with_intervals(
    rows: pd.DataFrame,
    *,
    y: str,
    rate: str,
    low: str,
    high: str,
    title: str,
    small: str,
    details: dict[str, str],
) -> alt.LayerChart:
    """Rates (0-1) from the highest down, each with its interval; those of few cases are grey.
    `details` = {column: name}, at the pointer."""
    colour = alt.condition(alt.datum[small], alt.value(GREY), alt.value(BLUE))
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{y}:N", sort=list(rows[y]), title=None, axis=alt.Axis(labelLimit=220)),
        tooltip=[alt.Tooltip(f"{column}:N", title=name) for column, name in details.items()],
    )
    axis = alt.Axis(format=".0%", tickCount=6, orient="top")
    bars = base.mark_rule(strokeWidth=2.5).encode(
        x=alt.X(f"{low}:Q", title=title, scale=alt.Scale(domain=[0, 1]), axis=axis),
        x2=f"{high}:Q",
        color=colour,
    )
    points = base.mark_point(filled=True, size=70, opacity=1).encode(x=f"{rate}:Q", color=colour)
    return (bars + points).properties(height=alt.Step(20))


@drawn_once
def timeline(
    rows: pd.DataFrame,
    *,
    day: str,
    lane: str,
    lanes: list[str],
    what: str,
    amount: str,
    today: pd.Timestamp,
) -> alt.LayerChart:
    """Events on lanes, one dot each, larger for more money; a line for the as-of date."""
    domain = alt.Scale(domain=lanes, range=list(SERIES[: len(lanes)]))
    dots = (
        alt.Chart(rows)
        .mark_point(filled=True, opacity=0.75)
        .encode(
            x=alt.X(f"{day}:T", title=None, axis=alt.Axis(format="%m/%Y", grid=True)),
            y=alt.Y(f"{lane}:N", sort=lanes, title=None, axis=alt.Axis(labelLimit=180)),
            size=alt.Size("_size:Q", legend=None, scale=alt.Scale(range=[45, 380])),
            color=alt.Color(f"{lane}:N", scale=domain, legend=None),
            shape=alt.Shape(f"{lane}:N", scale=alt.Scale(domain=lanes), legend=None),
            tooltip=[
                alt.Tooltip(f"{day}:T", title=" ", format="%d/%m/%Y"),
                alt.Tooltip(f"{what}:N", title=" "),
                alt.Tooltip(f"{amount}:N", title="€"),
            ],
        )
    )
    rule = alt.Chart(pd.DataFrame({day: [today]})).mark_rule(color="#5B6670", strokeDash=[3, 3])
    return (dots + rule.encode(x=f"{day}:T")).properties(height=alt.Step(34))


@drawn_once
def parts_of_whole(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y_title: str,
    parts: dict[str, tuple[str, str]],
    point: tuple[str, str],
    band: tuple[str, str, str],
    level: float | None,
    level_label: str,
) -> alt.LayerChart:
    """Columns of 100 % made of shares (0-1), one a year. `parts` = {column: (name, colour)}, from
    the bottom up; `point` (column, name) and `band` (low, high, text) of a year that is projected;
    a dashed level."""
    order = list(dict.fromkeys(rows[x]))
    names = [name for name, _ in parts.values()]
    long = rows.melt(id_vars=x, value_vars=list(parts), var_name="_column", value_name="_share")
    long["_part"] = long["_column"].map({column: name for column, (name, _) in parts.items()})
    long["_rank"] = long["_part"].map({name: rank for rank, name in enumerate(names)})
    axis = alt.X(f"{x}:N", title=x_title, sort=order, axis=alt.Axis(labelAngle=0))
    share = alt.Y(
        "_share:Q",
        title=y_title,
        scale=alt.Scale(domain=[0, 1], clamp=True),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    bars = (
        alt.Chart(long)
        .mark_bar()
        .encode(
            x=axis,
            y=share,
            color=alt.Color(
                "_part:N",
                scale=alt.Scale(domain=names, range=[colour for _, colour in parts.values()]),
                legend=legend(names),
            ),
            order=alt.Order("_rank:Q"),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip("_part:N", title=" "),
                alt.Tooltip("_share:Q", title=y_title, format=".1%"),
            ],
        )
    )
    low, high, written = band
    projected = rows.loc[rows[point[0]].notna(), [x, point[0], low, high, written]]
    base = alt.Chart(projected).encode(
        x=axis,
        tooltip=[
            alt.Tooltip(f"{x}:N", title=x_title),
            alt.Tooltip(f"{point[0]}:Q", title=point[1], format=".1%"),
            alt.Tooltip(f"{written}:N", title=" "),
        ],
    )
    # White under black: seen on every colour of the parts.
    rules = [
        base.mark_rule(stroke=colour, strokeWidth=width).encode(y=f"{low}:Q", y2=f"{high}:Q")
        for colour, width in (("white", 5), ("#1B2733", 2))
    ]
    dots = base.mark_point(size=90, fill="white", stroke="#1B2733", strokeWidth=2, opacity=1)
    layers = [bars, *rules, dots.encode(y=f"{point[0]}:Q")]
    if level is not None:
        layers += dashed_level(level, level_label, dy=-8)
    return alt.layer(*layers).properties(height=with_legend(320, names))

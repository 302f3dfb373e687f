"""Charts: colours that everyone tells apart, numbers as the language writes them.

Belongs here: kinds of charts, used by every page. Does not belong here: data, sentences, filters.
A chart never stands alone: pages show it through `exhibits`, which asks for the sentence that says
what it shows (also its text alternative) and for the table twin.

A kind of chart takes rows and words and gives a `Drawing`, which `drawn_once` keeps.
"""

import textwrap
from collections.abc import Callable
from functools import wraps
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st
from altair.utils.schemapi import disable_debug_mode

from dashboards.outside import plain
from dashboards.source import Reading

#: A chart as Vega-Lite reads it, with its rows; screen and paper add letters and size.
Drawing = dict[str, Any]

# A chart is checked once, whole, when it becomes a drawing; checking each of its pieces while it is
# put together costs as much again.
disable_debug_mode()
# Every drawing carries all of its rows, and no size that the page would have to take back.
alt.data_transformers.enable("default", max_rows=None)
alt.theme.enable("none")
#: So many drawings are kept: those of all pages, for a few readers with choices of their own.
_DRAWINGS = 300

# Okabe and Ito: told apart with any colour vision, and by lightness in grey.
BLUE, SKY, GREY, VERMILLION, GREEN, ORANGE = (
    "#0072B2",
    "#7FC4EE",
    "#B8BEC6",
    "#D55E00",
    "#009E73",
    "#E69F00",
)
#: For a line beside the one that matters: told from the background, unlike a pale grey.
_DARK_GREY = "#6B7480"
# Characters of a name on one line beside a bar: two lines of them stand beside it.
_NAME_WIDTH = 36
# Names of periods for which a chart of half the width of a page has room.
_HALF_WIDTH = 16
# For parts and lines that are told apart by nothing but their order.
SERIES = (BLUE, ORANGE, GREEN, SKY, VERMILLION, GREY, "#CC79A7")
_HEIGHT = 320
# A legend has as many columns as fit in this number of characters; each line of it takes this many
# pixels, which the drawing must not lose.
_LEGEND_CHARACTERS, _LEGEND_LINE = 90, 19
# Numbers of an axis as people write them: millions are named, smaller ones stand in full.
_NUMBER = (
    "abs(datum.value) >= 1e6 ? format(datum.value / 1e6, ',.3~f') + '\u00a0mio'"
    " : format(datum.value, ',.3~f')"
)


def drawn_once(kind: Callable[..., alt.TopLevelMixin]) -> Callable[..., Drawing]:
    """Make a kind of chart give its drawing, and keep it: putting one together and checking it
    takes longer than everything else on a page. It is kept by all that it is made of, rows and
    words, so whoever is shown a kept drawing has brought its very rows.
    """

    @st.cache_data(max_entries=_DRAWINGS, show_spinner=False)
    @wraps(kind)
    def drawing(*rows: Any, **named: Any) -> Drawing:
        return kind(*rows, **named).to_dict()

    return drawing


def show_chart(reading: Reading, key: str, chart: Drawing, sentence: str, defined_by: str) -> None:
    """Show the sentence, with what defines the figures at its question mark, then the chart."""
    st.markdown(sentence, help=defined_by or None)
    st.vega_lite_chart(
        styled(reading, chart), width="stretch", alt=plain(sentence), key=f"{key}_chart"
    )


def styled(reading: Reading, chart: Drawing) -> Drawing:
    """Return a chart in the letters of the pages and the numbers of the language."""
    return chart | {
        "config": {
            "locale": {"number": reading.language.d3_locale},
            "view": {"stroke": None},
            "axis": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
            "legend": {
                "orient": "top",
                "title": None,
                "labelFontSize": 12,
                "labelLimit": 320,
                "symbolSize": 70,
            },
        }
    }


def number_axis(ticks: int, **options: object) -> alt.Axis:
    """An axis of amounts or counts, in the numbers of the language."""
    return alt.Axis(labelExpr=_NUMBER, tickCount=ticks, **options)


def legend(names: list[str], **options: object) -> alt.Legend:
    """A legend above the chart, in as many columns as its names leave room for."""
    return alt.Legend(columns=_legend_columns(names), **options)


def with_legend(height: int, names: list[str]) -> int:
    """The height of a chart whose drawing keeps `height` under a legend of these names."""
    lines = -(-len(names) // _legend_columns(names))
    return height + _LEGEND_LINE * (lines - 1)


def _legend_columns(names: list[str]) -> int:
    longest = max(map(len, names), default=0) + 3
    return max(1, min(len(names), _LEGEND_CHARACTERS // longest))


def wrapped(text: str, width: int) -> str:
    """A name over lines of at most `width` characters, for the label of an axis (see `LINES`)."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text


# Shows a `wrapped` name over its lines.
LINES = "split(datum.label, '\\n')"


@drawn_once
def stacked_bars(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    part: str,
    parts: dict[str, str],
    order: list[str],
    format: str = "$,.2f",
) -> alt.Chart:
    """Bars made of parts. `parts` = {part: colour}, from the bottom up; `order` of the bars;
    `format` the d3 number format of a part."""
    names = list(parts)
    stacked = rows.assign(_rank=rows[part].map({name: n for n, name in enumerate(names)}))
    return (
        alt.Chart(stacked)
        .mark_bar()
        .encode(
            x=_periods(x, x_title, order),
            y=alt.Y(f"{y}:Q", title=y_title, axis=number_axis(6)),
            color=alt.Color(
                f"{part}:N",
                scale=alt.Scale(domain=names, range=list(parts.values())),
                legend=legend(names),
            ),
            order=alt.Order("_rank:Q"),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip(f"{part}:N", title=" "),
                alt.Tooltip(f"{y}:Q", title=y_title, format=format),
            ],
        )
        .properties(height=with_legend(_HEIGHT, names))
    )


def stacked_columns(
    rows: pd.DataFrame, *, x: str, parts: dict[str, tuple[str, str]], **named: object
) -> Drawing:
    """Stacked bars of which each part is a column of `rows`: `parts` = {column: (name, colour)},
    from the bottom up. Bars stand in the order of the rows; `named` goes to `stacked_bars`."""
    long = rows.melt(id_vars=x, value_vars=list(parts), var_name="part")
    long["part"] = long["part"].map({column: name for column, (name, _) in parts.items()})
    return stacked_bars(
        long,
        x=x,
        y="value",
        part="part",
        parts=dict(parts.values()),
        order=list(dict.fromkeys(rows[x])),
        **named,
    )


@drawn_once
def rate_line(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    order: list[str],
    hollow: str,
    earlier: tuple[str, str] | None = None,
) -> alt.LayerChart:
    """One share (0-1) along time, from 0 so that a small change does not look like a cliff.
    `earlier` (column, name): the same share a year before at the same age, a dashed line."""
    axis = alt.Y(
        f"{y}:Q",
        title=y_title,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", tickCount=5),
    )
    base = alt.Chart(rows).encode(
        x=_periods(x, x_title, order, _HALF_WIDTH),
        y=axis,
        tooltip=[
            alt.Tooltip(f"{x}:N", title=x_title),
            alt.Tooltip(f"{y}:Q", title=y_title, format=".1%"),
        ],
    )
    line = _line_with_hollow(base, hollow)
    if earlier is None or rows[earlier[0]].isna().all():
        return line.properties(height=240)
    column, name = earlier
    before = (
        alt.Chart(rows.dropna(subset=[column]).assign(_name=name))
        .mark_line(strokeWidth=2, strokeDash=[5, 3], point=alt.OverlayMarkDef(size=30))
        .encode(
            x=_periods(x, x_title, order, _HALF_WIDTH),
            y=alt.Y(f"{column}:Q"),
            color=alt.Color(
                "_name:N",
                scale=alt.Scale(domain=[y_title, name], range=[BLUE, _DARK_GREY]),
                legend=legend([y_title, name]),
            ),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip(f"{column}:Q", title=name, format=".1%"),
            ],
        )
    )
    return alt.layer(before, line).properties(height=240)


def _line_with_hollow(base: alt.Chart, hollow: str) -> alt.LayerChart:
    """A line through what is known, and points of which those that may still change are hollow."""
    fill = alt.condition(alt.datum[hollow], alt.value("white"), alt.value(BLUE))
    line = base.transform_filter(~alt.datum[hollow]).mark_line(color=BLUE, strokeWidth=2)
    points = base.mark_point(size=45, color=BLUE, opacity=1, strokeWidth=2)
    return alt.layer(line, points.encode(fill=fill))


@drawn_once
def ranked_bars(
    rows: pd.DataFrame,
    *,
    y: str,
    x: str,
    x_title: str,
    label: str,
    label_title: str,
    format: str = "$,.2f",
    order: list[str] | None = None,
) -> alt.LayerChart:
    """Horizontal bars, each with a text beside it (column `label`); the longest first, unless an
    order is given.
    """
    # Room on the right for the texts, of which the one of the longest bar needs it.
    room = 1 + min(0.6, 0.038 * int(rows[label].str.len().max()))
    shown = rows.assign(_name=rows[y].map(lambda name: wrapped(name, _NAME_WIDTH)))
    sort = [wrapped(name, _NAME_WIDTH) for name in order] if order else "-x"
    base = alt.Chart(shown).encode(
        y=alt.Y(
            "_name:N",
            sort=sort,
            title=None,
            axis=alt.Axis(labelExpr=LINES, labelLimit=230, labelOverlap=False),
        ),
        x=alt.X(
            f"{x}:Q",
            title=x_title,
            axis=number_axis(5, labelBound=True),
            scale=alt.Scale(domain=[min(0, float(rows[x].min())), float(rows[x].max()) * room]),
        ),
        tooltip=[
            alt.Tooltip(f"{y}:N", title=" "),
            alt.Tooltip(f"{x}:Q", title=x_title, format=format),
            alt.Tooltip(f"{label}:N", title=label_title),
        ],
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(text=f"{label}:N")
    lines = int(shown["_name"].str.count("\n").max()) + 1
    return (base.mark_bar(color=BLUE) + texts).properties(height=alt.Step(max(34, 16 * lines)))


@drawn_once
def share_lines(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    series: str,
    colours: dict[str, str],
    level: float | None,
    level_label: str,
) -> alt.LayerChart:
    """Several shares (0-1) by year, told apart by colour and shape, with a dashed watch level."""
    domain = list(colours)
    colour = alt.Color(
        f"{series}:N",
        scale=alt.Scale(domain=domain, range=list(colours.values())),
        legend=legend(domain),
    )
    lines = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2)
        .encode(
            # A scale, not a list of names: a year without data leaves a gap as wide as a year.
            x=alt.X(
                f"{x}:Q",
                title=x_title,
                scale=alt.Scale(zero=False, nice=False, padding=24),
                axis=alt.Axis(format="d", values=sorted(set(rows[x])), grid=False),
            ),
            y=alt.Y(
                f"{y}:Q",
                title=y_title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            color=colour,
            strokeDash=alt.StrokeDash(f"{series}:N", scale=alt.Scale(domain=domain)),
        )
    )
    points = lines.mark_point(size=60, filled=True).encode(
        shape=alt.Shape(f"{series}:N", scale=alt.Scale(domain=domain)),
        tooltip=[
            alt.Tooltip(f"{x}:Q", title=x_title, format="d"),
            alt.Tooltip(f"{series}:N", title=" "),
            alt.Tooltip(f"{y}:Q", title=y_title, format=".1%"),
        ],
    )
    layers = [lines, points]
    if level is not None:
        layers += dashed_level(level, level_label, dy=11)
    return alt.layer(*layers).properties(height=with_legend(_HEIGHT, domain))


def dashed_level(value: float, label: str, dy: int) -> list[alt.Chart]:
    """A dashed level across a chart and its name, legible where lines cross it."""
    mark = pd.DataFrame({"level": [value], "label": [label]})
    base = alt.Chart(mark).encode(y="level:Q")
    name = base.encode(x=alt.value(0), text="label:N")
    place = {"align": "left", "dx": 4, "dy": dy, "fontSize": 12}
    return [
        base.mark_rule(color="#5B6670", strokeDash=[4, 3], strokeWidth=1.5),
        name.mark_text(**place, stroke="white", strokeWidth=5, strokeJoin="round"),
        name.mark_text(**place, color="#37424C"),
    ]


@drawn_once
def value_line(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    order: list[str],
    format: str,
    target: float | None,
    target_label: str,
    hollow: str,
) -> alt.LayerChart:
    """One value along time with a dashed target. `format` is a d3 number format; `hollow` the
    column that tells points that may still change.

    A share is shown from a little under its lowest value: what matters is the way to the target.
    """
    low = float(min(rows[y].min(), 1 if target is None else target))
    share = format.endswith("%")
    domain = [max(0.0, low - 0.05), 1.0] if share else None
    axis = alt.Y(
        f"{y}:Q",
        title=y_title,
        scale=alt.Scale(domain=domain) if share else alt.Scale(zero=True),
        axis=alt.Axis(format=format, tickCount=5),
    )
    base = alt.Chart(rows).encode(
        x=_periods(x, x_title, order, _HALF_WIDTH),
        y=axis,
        tooltip=[
            alt.Tooltip(f"{x}:N", title=x_title),
            alt.Tooltip(f"{y}:Q", title=y_title, format=format),
        ],
    )
    line = _line_with_hollow(base, hollow)
    if target is None:
        return line.properties(height=240)
    return alt.layer(line, *dashed_level(target, target_label, dy=-8)).properties(height=240)


@drawn_once
def series_lines(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    series: str,
    order: list[str],
    format: str,
) -> alt.LayerChart:
    """Several values along time, told apart by colour and by the shape of their points. Shares are
    shown from a little under the lowest one."""
    names = list(dict.fromkeys(rows[series]))
    scale = alt.Scale(domain=names, range=list(SERIES)[: len(names)])
    low = max(0.0, float(rows[y].min()) - 0.02)
    axis = alt.Y(
        f"{y}:Q",
        title=y_title,
        scale=alt.Scale(domain=[low, 1.0]) if format.endswith("%") else alt.Scale(zero=True),
        axis=alt.Axis(format=format, tickCount=5),
    )
    base = alt.Chart(rows).encode(
        x=_periods(x, x_title, order),
        y=axis,
        color=alt.Color(f"{series}:N", scale=scale, legend=legend(names)),
    )
    points = base.mark_point(size=60, filled=True).encode(
        shape=alt.Shape(f"{series}:N", scale=alt.Scale(domain=names)),
        tooltip=[
            alt.Tooltip(f"{x}:N", title=x_title),
            alt.Tooltip(f"{series}:N", title=" "),
            alt.Tooltip(f"{y}:Q", title=y_title, format=format),
        ],
    )
    height = with_legend(_HEIGHT, names)
    return (base.mark_line(strokeWidth=2) + points).properties(height=height)


def _periods(column: str, title: str, order: list[str], all_up_to: int = 30) -> alt.X:
    """A time axis of names; with many of them the labels turn and the title goes, and beyond
    `all_up_to` some are left out."""
    many = len(order) > 14
    axis = alt.Axis(
        labelAngle=-60 if many else 0,
        labelOverlap=False if many and len(order) <= all_up_to else "greedy",
        labelLimit=200,
    )
    return alt.X(f"{column}:N", sort=order, title=None if many else title, axis=axis)

"""Charts: colours that everyone tells apart, numbers as the language writes them.

Belongs here: kinds of charts, used by every page. Does not belong here: data, sentences, filters.
A chart never stands alone: `show_chart` asks for the sentence that says what it shows (also its
text alternative), and the page adds the table twin.
"""

import altair as alt
import pandas as pd
import streamlit as st

from dashboards.source import Reading

# Okabe and Ito: told apart with any colour vision, and by lightness in grey.
BLUE, SKY, GREY, VERMILLION, GREEN, ORANGE = (
    "#0072B2",
    "#7FC4EE",
    "#B8BEC6",
    "#D55E00",
    "#009E73",
    "#E69F00",
)
_HEIGHT = 320


def show_chart(reading: Reading, key: str, chart: alt.TopLevelMixin, sentence: str) -> None:
    """Show the sentence, then the chart it describes."""
    st.markdown(sentence)
    st.altair_chart(
        chart.configure(locale={"number": reading.language.d3_locale})
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
        .configure_legend(orient="top", title=None, labelFontSize=12, labelLimit=320, columns=2),
        width="stretch",
        alt=sentence,
        key=f"{key}_chart",
    )


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
    is_money: bool = True,
) -> alt.Chart:
    """Bars made of parts. `parts` = {part: colour}, from the bottom up; `order` of the bars."""
    names = list(parts)
    stacked = rows.assign(_rank=rows[part].map({name: n for n, name in enumerate(names)}))
    return (
        alt.Chart(stacked)
        .mark_bar()
        .encode(
            x=_periods(x, x_title, order),
            y=alt.Y(f"{y}:Q", title=y_title, axis=alt.Axis(format="~s", tickCount=6)),
            color=alt.Color(f"{part}:N", scale=alt.Scale(domain=names, range=list(parts.values()))),
            order=alt.Order("_rank:Q"),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip(f"{part}:N", title=" "),
                alt.Tooltip(f"{y}:Q", title=y_title, format="$,.2f" if is_money else ",.0f"),
            ],
        )
        .properties(height=_HEIGHT)
    )


def rate_line(
    rows: pd.DataFrame, *, x: str, x_title: str, y: str, y_title: str, order: list[str]
) -> alt.Chart:
    """One share (0-1) along time, from 0 so that a small change does not look like a cliff."""
    return (
        alt.Chart(rows)
        .mark_line(point=alt.OverlayMarkDef(size=45, filled=True), color=BLUE, strokeWidth=2)
        .encode(
            x=_periods(x, x_title, order),
            y=alt.Y(
                f"{y}:Q",
                title=y_title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            tooltip=[
                alt.Tooltip(f"{x}:N", title=x_title),
                alt.Tooltip(f"{y}:Q", title=y_title, format=".1%"),
            ],
        )
        .properties(height=240)
    )


def ranked_bars(
    rows: pd.DataFrame, *, y: str, x: str, x_title: str, label: str, label_title: str
) -> alt.LayerChart:
    """Horizontal bars, the longest first, each with a text beside it (column `label`)."""
    base = alt.Chart(rows).encode(
        y=alt.Y(f"{y}:N", sort="-x", title=None, axis=alt.Axis(labelLimit=190)),
        x=alt.X(
            f"{x}:Q",
            title=x_title,
            axis=alt.Axis(format="~s", tickCount=5),
            # Room on the right for the text of the longest bar.
            scale=alt.Scale(domain=[min(0, float(rows[x].min())), float(rows[x].max()) * 1.35]),
        ),
        tooltip=[
            alt.Tooltip(f"{y}:N", title=" "),
            alt.Tooltip(f"{x}:Q", title=x_title, format="$,.2f"),
            alt.Tooltip(f"{label}:N", title=label_title),
        ],
    )
    texts = base.mark_text(align="left", dx=6, fontSize=12).encode(text=f"{label}:N")
    return (base.mark_bar(color=BLUE) + texts).properties(height=alt.Step(34))


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
    colour = alt.Color(f"{series}:N", scale=alt.Scale(domain=domain, range=list(colours.values())))
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
        mark = pd.DataFrame({"level": [level], "label": [level_label]})
        rule = alt.Chart(mark).mark_rule(color="#5B6670", strokeDash=[2, 3], strokeWidth=1.5)
        text = alt.Chart(mark).mark_text(align="left", dx=4, dy=11, fontSize=12, color="#37424C")
        layers.append(rule.encode(y="level:Q"))
        layers.append(text.encode(y="level:Q", x=alt.value(0), text="label:N"))
    return alt.layer(*layers).properties(height=_HEIGHT)


def _periods(column: str, title: str, order: list[str]) -> alt.X:
    """A time axis of names; with many of them the labels turn and the title goes."""
    many = len(order) > 14
    axis = alt.Axis(labelAngle=-60 if many else 0, labelOverlap=True)
    return alt.X(f"{column}:N", sort=order, title=None if many else title, axis=axis)

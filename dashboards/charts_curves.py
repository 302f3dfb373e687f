"""Charts along time or age with what is not known for sure: curves with bands, stepped shares.

Belongs here: curves. Does not belong here: data, sentences (see charts.show_chart).
"""

import altair as alt
import pandas as pd

from dashboards.charts import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    SKY,
    VERMILLION,
    drawn_once,
    legend,
    number_axis,
    with_legend,
)

#: Told apart with any colour vision; the order is that of the series.
SERIES = (BLUE, VERMILLION, GREEN, ORANGE, SKY, "#CC79A7", "#56606B", GREY)
_HEIGHT = 340


@drawn_once
def curves_with_band(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    low: str,
    high: str,
    y_title: str,
    series: str,
    order: list[str],
    estimated: str,
    format: str | None,
    written: str,
) -> alt.LayerChart:
    """Observed parts as lines, estimated parts dashed in a pale band. No `format`: amounts.

    `estimated` rows include the last observed point of each series, where the dashes begin.
    """
    colour = alt.Color(
        f"{series}:N",
        sort=order,
        scale=alt.Scale(domain=order, range=list(SERIES[: len(order)])),
        legend=legend(order, symbolOpacity=1, symbolType="circle"),
    )
    # Not from 0: the curves differ by a few points, and that is what is looked for.
    scale = alt.Scale(zero=False)
    base = alt.Chart(rows).encode(
        x=alt.X(f"{x}:Q", title=x_title, axis=alt.Axis(format="d", tickMinStep=1, grid=False)),
        color=colour,
    )
    axis = alt.Axis(format=format, tickCount=6) if format else number_axis(6)
    value = alt.Y(f"{y}:Q", title=y_title, scale=scale, axis=axis)
    observed = base.transform_filter(~alt.datum[estimated])
    guessed = base.transform_filter(alt.datum[estimated])
    band = guessed.mark_area(opacity=0.16).encode(
        y=alt.Y(f"{low}:Q", title=y_title, scale=scale), y2=f"{high}:Q"
    )
    points = observed.mark_point(size=36, filled=True).encode(
        y=value,
        tooltip=[
            alt.Tooltip(f"{series}:N", title=" "),
            alt.Tooltip(f"{x}:Q", title=x_title, format="d"),
            alt.Tooltip(f"{written}:N", title=y_title),
        ],
    )
    dashes = guessed.mark_line(strokeDash=[5, 4], strokeWidth=2).encode(
        y=value,
        tooltip=[
            alt.Tooltip(f"{series}:N", title=" "),
            alt.Tooltip(f"{x}:Q", title=x_title, format="d"),
            alt.Tooltip(f"{written}:N", title=y_title),
        ],
    )
    lines = observed.mark_line(strokeWidth=2).encode(y=value)
    return alt.layer(band, lines, points, dashes).properties(height=with_legend(_HEIGHT, order))


@drawn_once
def stepped_shares(
    rows: pd.DataFrame, *, x: str, x_title: str, y: str, y_title: str, series: str, order: list[str]
) -> alt.Chart:
    """Shares (0-1) that change on the days they change on: steps, not slopes."""
    domain = alt.Scale(domain=order, range=list(SERIES[: len(order)]))
    return (
        alt.Chart(rows)
        .mark_line(interpolate="step-after", strokeWidth=2)
        .encode(
            x=alt.X(
                f"{x}:Q",
                title=x_title,
                scale=alt.Scale(nice=False),
                axis=number_axis(10, grid=False),
            ),
            y=alt.Y(
                f"{y}:Q",
                title=y_title,
                scale=alt.Scale(domain=[0, 1]),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
            color=alt.Color(f"{series}:N", sort=order, scale=domain, legend=legend(order)),
            strokeDash=alt.StrokeDash(f"{series}:N", sort=order, scale=alt.Scale(domain=order)),
            tooltip=[
                alt.Tooltip(f"{series}:N", title=" "),
                alt.Tooltip(f"{x}:Q", title=x_title, format="d"),
                alt.Tooltip(f"{y}:Q", title=y_title, format=".1%"),
            ],
        )
        .properties(height=with_legend(_HEIGHT, order))
    )


@drawn_once
def amount_over_time(rows: pd.DataFrame, *, x: str, y: str, y_title: str) -> alt.Chart:
    """One amount that jumps on the days it changes."""
    return (
        alt.Chart(rows)
        .mark_area(interpolate="step-after", color=SKY, opacity=0.5, line={"color": BLUE})
        .encode(
            x=alt.X(f"{x}:T", title=None, axis=alt.Axis(format="%m/%Y", grid=False)),
            y=alt.Y(f"{y}:Q", title=y_title, axis=number_axis(4)),
            tooltip=[
                alt.Tooltip(f"{x}:T", title=" ", format="%d/%m/%Y"),
                alt.Tooltip(f"{y}:Q", title=y_title, format="$,.2f"),
            ],
        )
        .properties(height=130)
    )

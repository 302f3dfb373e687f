"""Charts that are read cell by cell: cohorts by age, states by states.

Belongs here: heat maps, matrices of states. Does not belong here: data, sentences (see
charts.show_chart).
"""

import math

import altair as alt
import pandas as pd

from dashboards.charts import BLUE, drawn_once, legend

_LABELLED_CELLS = 340


@drawn_once
def heatmap(
    rows: pd.DataFrame,
    *,
    x: str,
    x_title: str,
    y: str,
    y_title: str,
    value: str,
    value_title: str,
    written: str,
    details: str,
    x_order: list,
    y_order: list,
    faded: str | None = None,
    share: bool = True,
    step: int = 22,
) -> alt.LayerChart:
    """Cells coloured by `value`, `written` inside where there is room, `details` at the pointer.

    `faded` names a column that is true for cells which are estimates.

    The colours span what is shown, to the next ten per cent for a share.
    """
    low, high = _bounds(rows[value], share)
    scale = alt.Scale(scheme="blues", domain=[low, high])
    base = alt.Chart(rows).encode(
        x=alt.X(
            f"{x}:O",
            title=x_title,
            sort=x_order,
            axis=alt.Axis(labelAngle=0, orient="top", labelFlush=False, labelLimit=140),
        ),
        y=alt.Y(
            f"{y}:N", title=y_title, sort=y_order, axis=alt.Axis(labelLimit=170, labelFlush=False)
        ),
        tooltip=[
            alt.Tooltip(f"{y}:N", title=y_title),
            alt.Tooltip(f"{x}:O", title=x_title),
            alt.Tooltip(f"{details}:N", title=value_title),
        ],
    )
    cells = base.mark_rect(stroke="white").encode(
        color=alt.Color(f"{value}:Q", scale=scale, legend=None)
    )
    layers = [cells]
    if faded:
        # An estimate is not told by colour alone: it is pale and framed with dashes.
        cells = cells.encode(opacity=alt.condition(alt.datum[faded], alt.value(0.45), alt.value(1)))
        frame = base.transform_filter(alt.datum[faded]).mark_rect(
            filled=False, stroke=BLUE, strokeDash=[2, 2], strokeWidth=0.8
        )
        layers = [cells, frame]
    if len(rows) <= _LABELLED_CELLS:
        is_dark = alt.datum[value] > low + 0.55 * (high - low)
        if faded:
            is_dark = is_dark & ~alt.datum[faded]
        labels = base.mark_text(fontSize=10.5).encode(
            text=f"{written}:N",
            color=alt.condition(is_dark, alt.value("white"), alt.value("#1B2733")),
        )
        layers.append(labels)
    return alt.layer(*layers).properties(height=alt.Step(step))


def _bounds(values: pd.Series, share: bool) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if share:
        low, high = math.floor(low * 10) / 10, math.ceil(high * 10) / 10
    return low, high if high > low else low + 1


@drawn_once
def states(
    rows: pd.DataFrame,
    *,
    x: str,
    y: str,
    state: str,
    colours: dict[str, str],
    written: str,
    details: dict[str, str],
    titles: tuple[str, str],
    x_order: list,
    y_order: list,
) -> alt.LayerChart:
    """Cells of what became of each pair: `written` inside (a sign and a value), so that no colour
    is needed to read it. `colours` = {state: background}; `details` = {column: name}, at the
    pointer; `titles` of columns and lines."""
    names, plain = list(colours), {"domain": False, "ticks": False, "labelFlush": False}
    base = alt.Chart(rows).encode(
        x=alt.X(
            f"{x}:N",
            title=None,
            sort=x_order,
            axis=alt.Axis(labelAngle=0, orient="top", labelLimit=110, **plain),
        ),
        y=alt.Y(f"{y}:N", title=None, sort=y_order, axis=alt.Axis(**plain)),
        tooltip=[
            alt.Tooltip(f"{y}:N", title=titles[1]),
            *(alt.Tooltip(f"{column}:N", title=name) for column, name in details.items()),
            alt.Tooltip(f"{x}:N", title=titles[0]),
            alt.Tooltip(f"{state}:N", title=" "),
        ],
    )
    cells = base.mark_rect(stroke="white", strokeWidth=2).encode(
        color=alt.Color(
            f"{state}:N",
            scale=alt.Scale(domain=names, range=list(colours.values())),
            legend=legend(names, symbolStrokeWidth=1, symbolStrokeColor="#5B6670"),
        )
    )
    labels = base.mark_text(fontSize=12, color="#1B2733").encode(text=f"{written}:N")
    return alt.layer(cells, labels).properties(height=alt.Step(24))

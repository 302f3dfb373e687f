"""Charts as drawings for paper: SVG with their text.

Belongs here: turning a chart of a page into SVG. Does not belong here: kinds of charts (charts).
"""

import altair as alt
import pandas as pd
import vl_convert

from dashboards import charts
from dashboards.source import Reading

_VERSION = "6.4"
#: Pixels; the page of paper is scaled to it.
_WIDTH = 640
#: The font that comes with the writer of the PDF: the same page on every machine.
_FONT = "Libertinus Serif"


def drawn(reading: Reading, chart: alt.TopLevelMixin) -> str:
    """Return a chart as SVG, in the numbers of the language."""
    spec = charts.styled(reading, _with_values(chart)).to_dict()
    # A chart that says its own width (bars of a fixed step) keeps it.
    spec.setdefault("width", _WIDTH)
    spec["config"] = {**spec.get("config", {}), "font": _FONT, "background": "white"}
    # Nothing is fetched: every chart carries its data.
    return vl_convert.vegalite_to_svg(
        spec,
        vl_version=_VERSION,
        allowed_base_urls=[],
        format_locale=reading.language.d3_locale,
    )


def _with_values(chart: alt.TopLevelMixin) -> alt.TopLevelMixin:
    """Return a copy of a chart that holds its data as values.

    How a table becomes values is a setting of the whole process, and Streamlit changes it while it
    draws a chart for the screen: a PDF made at that moment, in another thread, would hold axes and
    nothing between them. What are values already, no setting touches.
    """
    if not isinstance(chart, alt.Chart | alt.LayerChart):
        raise TypeError(f"{type(chart).__name__}: whose data it holds is not known here")
    held = chart.copy(deep=False)
    if isinstance(held.data, pd.DataFrame):
        held.data = alt.InlineData(values=alt.to_values(held.data)["values"])
    if isinstance(held, alt.LayerChart):
        held.layer = [_with_values(one) for one in held.layer]
    return held

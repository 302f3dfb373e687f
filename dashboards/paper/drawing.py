"""Charts as drawings for paper: SVG with their text.

Belongs here: turning a chart of a page into SVG. Does not belong here: kinds of charts (charts).
"""

import vl_convert

from dashboards import charts
from dashboards.source import Reading

_VERSION = "6.4"
#: Pixels; the page of paper is scaled to it.
_WIDTH = 640
#: The font that comes with the writer of the PDF: the same page on every machine.
_FONT = "Libertinus Serif"


def drawn(reading: Reading, chart: charts.Drawing) -> str:
    """Return a chart as SVG, in the numbers of the language."""
    spec = charts.styled(reading, chart)
    # A chart that says its own width (bars of a fixed step) keeps it.
    spec.setdefault("width", _WIDTH)
    spec["config"] |= {"font": _FONT, "background": "white"}
    # Nothing is fetched: every chart carries its data.
    return vl_convert.vegalite_to_svg(
        spec,
        vl_version=_VERSION,
        allowed_base_urls=[],
        format_locale=reading.language.d3_locale,
    )

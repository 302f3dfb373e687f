"""The accessibility statement of the pages (law of 19 July 2018 on the accessibility of websites of
public bodies, articles 8 and 9: what is not accessible, how to report it, whom to turn to).

Belongs here: what the statement says, in its order. Does not belong here: how pages are checked
(tests/browser).
"""

import os
from datetime import date

from dashboards import sheet
from dashboards.outside import escaped
from dashboards.source import Reading, current

#: When the pages were last gone through against the statement.
_LOOKED_ON = date(2026, 12, 1)
_GAPS = (
    "accessibility_grids",
    "accessibility_charts",
    "accessibility_words",
    "accessibility_orchestration",
)


def render(reading: Reading) -> None:
    """Draw the page."""
    sheet.heading(reading.text("accessibility_state"))
    sheet.paragraph(reading.text("accessibility_partly"))
    sheet.heading(reading.text("accessibility_gaps"))
    for gap in _GAPS:
        sheet.paragraph(reading.text(gap))
    sheet.heading(reading.text("accessibility_how"))
    day = reading.language.day(_LOOKED_ON)
    sheet.paragraph(reading.text("accessibility_checked", day=day))
    sheet.heading(reading.text("accessibility_report"))
    contact = os.environ.get("VIGIE_CONTACT", "").strip()
    key = "accessibility_contact" if contact else "accessibility_no_contact"
    sheet.paragraph(reading.text(key, contact=escaped(contact)))
    sheet.paragraph(reading.text("accessibility_complaint"))


render(current())

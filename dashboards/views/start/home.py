"""The first page: what each reader has to know before anything else, on one screen.

Belongs here: which parts, in which order. Does not belong here: the parts (sections/board_view,
sections/signals), each of which is left out for whom it is not.
"""

from dashboards.sections import board_view, signals
from dashboards.sections.board import last_whole
from dashboards.source import Reading, current


def render(reading: Reading) -> None:
    """Draw the page."""
    board_view.show(reading)
    signals.recovery(reading)
    signals.promises(reading, last_whole(reading.release.business_date))
    signals.requests(reading)
    signals.data(reading)


render(current())

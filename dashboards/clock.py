"""The day on which somebody looks, in Brussels.

Belongs here: the clock, and nothing else, so that a test can set it. Does not belong here: the day
that the data are as of (the release has it).
"""

from datetime import date, datetime

from dashboards.i18n import BRUSSELS


def today() -> date:
    """Return the day of now in Brussels."""
    return datetime.now(BRUSSELS).date()

"""The moment at which somebody looks.

Belongs here: the clock, and nothing else, so that a test can set it. Does not belong here: the day
that the data are as of (the release has it).
"""

from datetime import UTC, date, datetime

from dashboards.i18n import BRUSSELS


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day of now in Brussels."""
    return now().astimezone(BRUSSELS).date()

"""Moments and days: lines are dated in UTC, people think in days and hours of Brussels.

Does not belong here: whether something is late (request.py), may leave (delivery.py).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

BRUSSELS = ZoneInfo("Europe/Brussels")


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day of Brussels on which a moment lies."""
    return moment.astimezone(BRUSSELS).date()


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is an hour of Brussels."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)).astimezone(UTC)


def hour_of(moment: datetime) -> str:
    """Return a moment as a person in Brussels reads it."""
    return f"{moment.astimezone(BRUSSELS):%Y-%m-%d %H:%M}"

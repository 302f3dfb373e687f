"""Moments and days: lines are dated in UTC, people think in days and hours of Brussels.

Does not belong here: whether something is late (request.py), may leave (delivery.py).
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from exports import days

BRUSSELS = ZoneInfo("Europe/Brussels")


def utc_now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """Return the day of Brussels on which a moment lies."""
    return moment.astimezone(BRUSSELS).date()


class NoSuchHour(ValueError):
    """An hour that the clocks of Brussels leave out when summer time begins."""


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; one without a zone is an hour of Brussels. Of an hour that comes
    twice, when summer time ends, it is the second: what must not happen before it does not.

    Raises:
        NoSuchHour: there is no such hour in Brussels on that day.
    """
    if moment.tzinfo:
        return moment.astimezone(UTC)
    found = moment.replace(tzinfo=BRUSSELS, fold=1).astimezone(UTC)
    if found.astimezone(BRUSSELS).replace(tzinfo=None) != moment:
        raise NoSuchHour(moment.isoformat())
    return found


def hour_of(moment: datetime, lang: str) -> str:
    """Return a moment as a person in Brussels reads it."""
    return days.moment(moment.astimezone(BRUSSELS), lang)

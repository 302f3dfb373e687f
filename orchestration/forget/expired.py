"""Whose keeping time has passed: closed, nothing owed, and the years of the contracts over.

The raw history says who is closed and since when (ingest/expiry.py), the current release who owes
nothing (owing.sql). The date is that of the release, not of the machine's clock. Belongs here:
bringing the two together. Does not belong here: forgetting (act.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.expiry import Past, past
from ingest.raw import RawHistory
from orchestration.errors import ForgetError
from orchestration.settings import Settings
from orchestration.texts import say
from release.reader import open_release

_OWING = Path(__file__).with_name("owing.sql")


@dataclass(frozen=True)
class Expired:
    """Persons whose time had passed at a date; `owing` counts those who are kept all the same,
    because something is still owed."""

    as_of: date
    persons: tuple[Past, ...]
    owing: int


def expired(settings: Settings) -> Expired:
    """Everybody whose time has passed at the date of the current release.

    Raises:
        ForgetError: the current release is not that of the deliveries that are there.
        NoReleaseError, BrokenReleaseError: there is none, or it cannot be used.
    """
    history = RawHistory(settings.home)
    release = open_release(settings.home)
    plan = history.plan()
    if release.about["plan_fingerprint"] != plan.fingerprint:
        raise ForgetError(say(settings.lang, "forget.other_deliveries", release=release.id))
    owing = {name for (name,) in release.cursor().execute(_OWING.read_text("utf-8")).fetchall()}
    found = past(history, plan)
    free = tuple(person for person in found if not owing & set(person.accounts))
    return Expired(plan.as_of, free, len(found) - len(free))

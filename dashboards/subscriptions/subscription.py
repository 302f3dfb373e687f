"""Who is told, and of what.

Belongs here: the shapes of a subscriber and of a subscription, and the rules of each kind. Does not
belong here: what a figure or a list is (watched), the store.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

from dashboards.access.person import Person, known_roles

FIGURE, LIST, PAGE = "figure", "list", "page"
KINDS = (FIGURE, LIST, PAGE)
BELOW, ABOVE, CHANGE = "below", "above", "change"
DIRECTIONS = (BELOW, ABOVE, CHANGE)
#: Why a subscription ended: keys of sentences (`notices_ended_<why>`).
ASKED, RIGHT_LOST, GONE, UNSEEN = "asked", "right", "gone", "unseen"
#: Days ahead that a list may look.
MOST_DAYS = 366
#: Nobody needs more; somebody who tries to fill the disk does.
MOST = 50
_LONGEST = 200
#: Beyond what any figure can be; an exponent of millions would be computed with for hours.
_MOST_THRESHOLD = 10**15


class BadSubscription(ValueError):
    """A subscription that means nothing; the text is the key of a sentence (i18n)."""


@dataclass(frozen=True)
class Subscriber:
    """Somebody who is told, with the roles and offices of their last login (`seen_at`, UTC).

    `offices`: None for all of them. `mail`: the address that the provider gave, or none. `feed`:
    the random name of their feed. `is_known`: they logged in; nobody has in the demonstration.
    """

    subject: str
    name: str
    roles: tuple[str, ...]
    offices: frozenset[str] | None
    lang: str
    mail: str
    feed: str
    seen_at: datetime
    is_known: bool

    @property
    def person(self) -> Person:
        """Return the person as access knows them; a role that exists no more gives nothing."""
        return Person(
            self.subject, self.name, known_roles(self.roles), self.offices, self.is_known, self.mail
        )


@dataclass(frozen=True)
class Subscription:
    """One wish. `about`: the id of a figure, a list or a page. `said`: its choices: of a figure
    `direction` and `threshold` (in the unit of the figure, a share 0-1), for a change the value
    `seen` when it was asked for; of a list `days` where it looks ahead; of a page its address
    (texts by name). `token`: what a message names it by.
    """

    number: int
    subject: str
    kind: str
    about: str
    said: dict[str, object] = field(default_factory=dict)
    token: str = ""
    made_at: datetime | None = None
    ended_at: datetime | None = None
    ended_why: str = ""

    @property
    def wish(self) -> tuple[str, str, dict[str, object]]:
        """Return what is wished for: two of one wish are one, whatever was seen when they were
        asked for."""
        return self.kind, self.about, {k: v for k, v in self.said.items() if k != "seen"}

    @property
    def threshold(self) -> Decimal:
        """Return the threshold of a figure."""
        return Decimal(str(self.said["threshold"]))


def checked(one: Subscription) -> Subscription:
    """Return the subscription.

    Raises:
        BadSubscription: a kind, direction, threshold or number of days that is none.
    """
    if one.kind not in KINDS or not one.about or len(one.about) > _LONGEST:
        raise BadSubscription("notices_bad_kind")
    if one.kind == FIGURE:
        if one.said.get("direction") not in DIRECTIONS:
            raise BadSubscription("notices_bad_direction")
        try:
            is_number = one.threshold.is_finite() and one.threshold.copy_abs() < _MOST_THRESHOLD
        except (KeyError, InvalidOperation):
            is_number = False
        if not is_number or (one.said["direction"] == CHANGE and one.threshold < 0):
            raise BadSubscription("notices_bad_threshold")
    if one.kind == LIST and not 1 <= int(one.said.get("days", 1)) <= MOST_DAYS:
        raise BadSubscription("notices_bad_days")
    return one

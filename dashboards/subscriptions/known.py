"""At each login: who subscribed is noted with the roles of today, which what they are told follows.

Belongs here: that note, and that its failure keeps nobody out. Does not belong here: the login.
"""

import logging
import os

from sqlalchemy.exc import SQLAlchemyError

from dashboards.access.person import Person
from dashboards.subscriptions.store import Subscriptions
from exports.register.errors import BadRegister
from release.home import vigie_home

_log = logging.getLogger(__name__)


def note(person: Person, lang: str) -> None:
    """Note who somebody is today, where they subscribed once. Where that cannot be written they
    are still let in; the roles noted before count until `VIGIE_SUBSCRIPTION_MONTHS` have passed."""
    try:
        store = Subscriptions(vigie_home(), os.environ.get("VIGIE_SUBSCRIPTIONS"))
        if person.subject in store.persons():
            store.seen(person, lang)
    except (BadRegister, SQLAlchemyError, OSError):
        _log.exception("the subscriptions of who logs in")

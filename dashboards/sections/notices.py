"""What somebody asked to be told, on the page "Mes avis": their wishes, a new one, the end of one.

Belongs here: drawing these, and the moments at which something is written. Does not belong here:
what a wish means (subscriptions), when it is sent (orchestration).
"""

import os
from collections.abc import Callable
from urllib.parse import parse_qs

import pandas as pd
import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from dashboards import downloads, grids, sheet
from dashboards.figures import Column
from dashboards.formats import MOMENT
from dashboards.outside import escaped
from dashboards.source import Reading
from dashboards.subscriptions import content, feed
from dashboards.subscriptions.store import SENT, UNSURE, Subscriptions
from dashboards.subscriptions.subscription import BadSubscription, Subscription
from exports.register.errors import BadRegister
from release.home import vigie_home

_DONE = "notices_done"


def open_store(reading: Reading, look: Callable[[Subscriptions], object]) -> object | None:
    """Open the store and look or write; None, with the reason told, where that fails."""
    try:
        return look(Subscriptions(vigie_home(), os.environ.get("VIGIE_SUBSCRIPTIONS")))
    except BadSubscription as error:
        sheet.warning(reading.text(str(error)))
    except (BadRegister, SQLAlchemyError, OSError) as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        sheet.warning(reading.text("notices_unopened", reason=escaped(reason)))
    return None


def where(reading: Reading) -> None:
    """Say where messages go, and what was just done."""
    if done := st.session_state.pop(_DONE, None):
        sheet.success(reading.text(done))
    person = reading.person
    if not person.is_known:
        sheet.info(reading.text("notices_where_outbox"))
    elif person.mail:
        sheet.paragraph(reading.text("notices_where_mail", mail=person.mail))
    else:
        sheet.warning(reading.text("notices_where_nowhere"))


def mine(reading: Reading) -> list[Subscription] | None:
    """Return the wishes of who looks; None, with the reason told, where they cannot be read."""
    return open_store(reading, lambda store: store.of(reading.person.subject))


def asked_to_end(reading: Reading, wishes: list[Subscription]) -> None:
    """Ask, for whoever follows the link of a message, whether that wish is to end."""
    token = st.query_params.get("end", "")
    if not token:
        return
    found = next((one for one in wishes if one.token == token), None)
    if found is None:
        sheet.info(reading.text("notices_end_none"))
        return
    told = reading.text("notices_end_ask", title=content.title_of(reading, found))
    sheet.warning(told, icon=":material/notifications_off:")
    _end_button(reading, found, "asked")


def listed(reading: Reading, wishes: list[Subscription]) -> None:
    """Show the wishes; the one that is ticked can be ended."""
    sheet.heading(reading.text("notices_mine"))
    if not wishes:
        sheet.info(reading.text("notices_none"), icon=":material/notifications:")
        return
    told = open_store(reading, lambda store: store.sendings([one.number for one in wishes])) or []
    last = {one.number: one for one in told if one.state in (SENT, UNSURE)}
    rows = pd.DataFrame(
        {
            "number": [str(one.number) for one in wishes],
            "title": [content.title_of(reading, one) for one in wishes],
            "when": [content.condition_of(reading, one) for one in wishes],
            "made": [one.made_at for one in wishes],
            "last": [last[one.number].at if one.number in last else None for one in wishes],
            "state": [_state(reading, last.get(one.number)) for one in wishes],
        }
    )
    text = reading.text
    columns = [
        Column("title", text("notices_what")),
        Column("when", text("notices_when")),
        Column("made", text("notices_made"), format=MOMENT),
        Column("last", text("notices_last"), text("notices_last_help"), format=MOMENT),
        Column("state", text("notices_state")),
    ]
    sheet.note(text("notices_tick"))
    ticked = grids.choose(reading, "notices", rows, columns, "number")
    chosen = next((one for one in wishes if str(one.number) == ticked), None)
    if chosen is not None:
        _end_button(reading, chosen, "ticked")


def _state(reading: Reading, last: object) -> str:
    if last is None:
        return str(reading.text("notices_state_none"))
    return str(reading.text(f"notices_state_{last.state}"))


def _end_button(reading: Reading, one: Subscription, key: str) -> None:
    title = content.title_of(reading, one)
    label = reading.text("notices_end_button", title=title)
    if st.button(label, icon=":material/notifications_off:", key=f"notices_end_{key}"):
        done = open_store(reading, lambda store: store.end(one.number, one.subject))
        if done is not None:
            _again("notices_done_end")


def subscribe(reading: Reading, kind: str, about: str, said: dict[str, object]) -> None:
    """Write a wish of who looks and draw the page anew."""
    person = reading.person
    one = Subscription(0, person.subject, kind, about, said)

    def write(store: Subscriptions) -> Subscription:
        made = store.subscribe(one)
        store.seen(person, reading.lang)
        return made

    if open_store(reading, write) is not None:
        _again("notices_done_new")


def _again(done: str) -> None:
    st.session_state[_DONE] = done
    # A link that was followed has done what it was for.
    st.query_params.pop("end", None)
    st.rerun()


def feed_file(reading: Reading) -> None:
    """Offer the feed of who looks: what was sent, without figures or names."""
    found = open_store(reading, lambda store: store.persons().get(reading.person.subject))
    if found is None:
        return
    file = feed.path_of(vigie_home(), found)
    if not file.is_file():
        return
    sheet.heading(reading.text("notices_feed"))
    sheet.note(reading.text("notices_feed_what"))
    downloads.button(
        reading,
        "notices_feed",
        "notices_feed_take",
        "vigie.atom",
        file.read_bytes,
        icon=":material/rss_feed:",
        noted_as=file.name,
    )


def address_of(texts: str) -> dict[str, list[str]]:
    """Return the choices that the address of this page hands over for another one."""
    found = parse_qs(texts, max_num_fields=20)
    return {name: values for name, values in found.items() if name not in ("lang", "release")}

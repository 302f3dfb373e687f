"""The link "tell me" beside a figure, a list or a page: where it can be asked to be told of it.

Belongs here: these links. Does not belong here: what is asked (sections/notices), what is sent
(subscriptions). They lead to another page and are no content: paper does not show them.
"""

from urllib.parse import urlencode

import streamlit as st

from dashboards import address, navigation
from dashboards.source import Reading
from dashboards.subscriptions.subscription import FIGURE, LIST, PAGE

PAGE_ID = "notices"
_ICON = ":material/notification_add:"


def figures(reading: Reading, *about: str) -> None:
    """Offer to be told when one of these figures passes a threshold, the first to begin with."""
    _offer(reading, "notices_follow_figure", {"kind": FIGURE, "about": about[0]})


def listed(reading: Reading, about: str) -> None:
    """Offer to be sent a list with each release."""
    _offer(reading, "notices_follow_list", {"kind": LIST, "about": about})


def page(reading: Reading) -> None:
    """Offer to be sent this page, with its choices, with each release; nothing on a page that is
    not sent."""
    known = {entry.id for entry in navigation.declared()[1] if entry.by_mail}
    if reading.page in known:
        _offer(
            reading,
            "notices_follow_page",
            {"kind": PAGE, "about": reading.page, "with": address.said()},
        )


def _offer(reading: Reading, key: str, asked: dict[str, str]) -> None:
    if PAGE_ID not in reading.right.pages:
        return
    where = f"{PAGE_ID}?{urlencode({'lang': reading.lang, **asked})}"
    st.link_button(reading.text(key), where, icon=_ICON, type="tertiary")

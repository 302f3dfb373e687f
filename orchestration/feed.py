"""The feed of a person (Atom): that there is something to look at, and where.

Belongs here: its form. Does not belong here: where it lies and who takes it
(dashboards/subscriptions/feed.py), messages (dashboards/subscriptions/message.py).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as xml

if TYPE_CHECKING:
    from dashboards.subscriptions.store import Sending
    from dashboards.subscriptions.subscription import Subscriber

_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 100


def feed(person: Subscriber, sendings: list[Sending], base: str) -> bytes:
    """Return the feed: what was sent to a person, the newest first, 100 entries at most. It has no
    link to itself, as no address serves it; it leads to where its person takes it."""
    from dashboards.subscriptions.store import SENT, UNSURE

    told = [one for one in sendings if one.state in (SENT, UNSURE)][-_ENTRIES:][::-1]
    updated = told[0].at if told else datetime.fromtimestamp(0, UTC)
    root = xml.Element("feed", {"xmlns": _ATOM, "xml:lang": person.lang})
    _add(root, "id", f"urn:vigie:feed:{person.feed}")
    _add(root, "title", "Vigie")
    _add(root, "updated", updated.isoformat(timespec="seconds"))
    _add(_add(root, "author", ""), "name", "Vigie")
    page = f"{base}/notices?lang={person.lang}"
    xml.SubElement(root, "link", {"rel": "alternate", "href": page})
    for one in told:
        entry = _add(root, "entry", "")
        _add(entry, "id", f"urn:vigie:notice:{one.release_id}:{one.number}")
        _add(entry, "title", one.title)
        _add(entry, "updated", one.at.isoformat(timespec="seconds"))
        xml.SubElement(entry, "link", {"rel": "alternate", "href": page})
    return xml.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent: xml.Element, name: str, text: str) -> xml.Element:
    child = xml.SubElement(parent, name)
    child.text = text or None
    return child

"""The feed of a person (Atom): that there is something to look at, and where.

Belongs here: its form and its place. Does not belong here: messages (message).

A feed is a file for the account Vigie runs under alone, `feeds/<random>.atom`; no address serves
it, because a reader of feeds does not log in: its person takes it on the page. It holds titles and
links, no figure, no list and no name, so that a copy that strays tells little (decision 023).
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as xml

from dashboards.subscriptions.store import SENT, UNSURE, Sending
from dashboards.subscriptions.subscription import Subscriber

FOLDER = "feeds"
_ATOM = "http://www.w3.org/2005/Atom"
_ENTRIES = 100


def path_of(home: Path, person: Subscriber) -> Path:
    """Return where the feed of a person lies; it may not be there yet."""
    return home / FOLDER / f"{person.feed}.atom"


def feed(person: Subscriber, sendings: list[Sending], base: str) -> bytes:
    """Return the feed: what was sent to a person, the newest first, 100 entries at most."""
    told = [one for one in sendings if one.state in (SENT, UNSURE)][-_ENTRIES:][::-1]
    updated = told[0].at if told else datetime.fromtimestamp(0, UTC)
    root = xml.Element("feed", {"xmlns": _ATOM, "xml:lang": person.lang})
    _add(root, "id", f"urn:vigie:feed:{person.feed}")
    _add(root, "title", "Vigie")
    _add(root, "updated", updated.isoformat(timespec="seconds"))
    _add(_add(root, "author", ""), "name", "Vigie")
    for one in told:
        entry = _add(root, "entry", "")
        _add(entry, "id", f"urn:vigie:notice:{one.release_id}:{one.number}")
        _add(entry, "title", one.title)
        _add(entry, "updated", one.at.isoformat(timespec="seconds"))
        xml.SubElement(entry, "link", {"href": f"{base}/notices?lang={person.lang}"})
    return xml.tostring(root, encoding="utf-8", xml_declaration=True)


def _add(parent: xml.Element, name: str, text: str) -> xml.Element:
    child = xml.SubElement(parent, name)
    child.text = text or None
    return child

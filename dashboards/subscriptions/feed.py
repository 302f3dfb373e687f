"""Where the feed of a person lies.

Belongs here: its place, which the page and who writes it share. Does not belong here: its form
(orchestration/feed.py).

A feed is a file for the account Vigie runs under alone, `feeds/<random>.atom`; no address serves
it, because a reader of feeds does not log in: its person takes it on the page. It holds titles and
links, no figure, no list and no name, so that a copy that strays tells little (decision 024).
"""

from pathlib import Path

from dashboards.subscriptions.subscription import Subscriber

FOLDER = "feeds"


def path_of(home: Path, person: Subscriber) -> Path:
    """Return where the feed of a person lies; it may not be there yet."""
    return home / FOLDER / f"{person.feed}.atom"

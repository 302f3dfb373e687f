"""Which release is meant by a word: an id, `current`, `previous`, the path of a file.

Belongs here: finding it, and saying what there is instead. Does not belong here: comparing.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from release.errors import UnknownReleaseError
from release.home import SUFFIX, built_part
from release.reader import Release, open_release, standing

CURRENT, PREVIOUS = "current", "previous"


def find(word: str, home: str | os.PathLike[str] | None = None) -> Release:
    """The release that a word names. `previous` is the one that was current when the current one
    was built, as long as it stands; else the newest one built before it.

    Raises:
        UnknownReleaseError: there is none; the message names those that stand.
        NoReleaseError, BrokenReleaseError: nothing is published, or it cannot be used.
    """
    if word == CURRENT:
        return open_release(home)
    if word.endswith(SUFFIX) or os.sep in word:
        path = Path(word).expanduser().resolve()
        if not path.is_file():
            raise UnknownReleaseError("no_such_file", file=path)
        return Release(path.stem, path, date.min)
    there = standing(home)
    if word == PREVIOUS:
        return _previous(open_release(home), there)
    for release in there:
        if release.id == word:
            return release
    named = ", ".join(release.id for release in there) or "—"
    raise UnknownReleaseError("no_such_release", word=word, named=named)


def built_before(release: Release, there: list[Release]) -> Release | None:
    """Of the releases that stand, the one that was current when another was built, as long as it
    stands; else the newest one built before it. None: there is none."""
    named = release.about["previous_release_id"]
    earlier = [one for one in there if built_part(one.id) < built_part(release.id)]
    earlier.sort(key=lambda one: (one.id == named, built_part(one.id)))
    return earlier[-1] if earlier else None


def _previous(current: Release, there: list[Release]) -> Release:
    found = built_before(current, there)
    if found is None:
        raise UnknownReleaseError("none_before")
    return found

"""Errors of the release folder: one sentence a person can act on, in each language (texts.yaml).

Does not belong here: errors of the build or of the audit (orchestration.errors).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from wording.errors import SaidError
from wording.texts import Texts


class ReleaseError(SaidError):
    """Base class: anything wrong with the folder of releases."""

    texts = Texts(Path(__file__).with_name("texts.yaml"))


class NoReleaseError(ReleaseError):
    """No release stands where one was asked for.

    Args:
        folder: the folder of releases that was looked at.
        as_of: the business date asked for; None for the current release.
        dates: those that can be asked for instead.
    """

    def __init__(self, folder: Path, as_of: date | None = None, dates: Sequence[date] = ()) -> None:
        self.folder = folder
        self.as_of = as_of
        key = "none_yet" if as_of is None else "other_dates" if dates else "none_as_of"
        named = ", ".join(day.isoformat() for day in dates)
        super().__init__(key, folder=folder, as_of=as_of, dates=named)


class UnknownReleaseError(ReleaseError):
    """No release is meant by what was given."""


class BrokenReleaseError(ReleaseError):
    """A pointer or a release file exists but cannot be used."""


class DamagedReleaseError(BrokenReleaseError):
    """The file of a release is no longer the one that was published."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__("damaged", release=file.stem, file=file)


class PublicationError(ReleaseError):
    """A candidate could not be published; the earlier release stays current."""

"""Errors of the release folder. Each message is one sentence a person can act on, in French and in
Dutch.

Does not belong here: errors of the build or of the audit (orchestration.errors).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path


class ReleaseError(Exception):
    """Base class: anything wrong with the folder of releases."""


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
        if as_of is None:
            text = (
                f"Aucune version n'est encore publiée dans {folder} : lancez « vigie run ». / "
                f"Nog geen versie gepubliceerd in {folder}: start 'vigie run'."
            )
        else:
            named = ", ".join(day.isoformat() for day in dates)
            there_fr = f"demandez une des dates qui existent ({named}), ou " if named else ""
            there_nl = f"vraag een van de bestaande data ({named}), of " if named else ""
            text = (
                f"Aucune version au {as_of} dans {folder} : "
                f"{there_fr}lancez « vigie run --as-of {as_of} ». / "
                f"Geen versie op {as_of} in {folder}: "
                f"{there_nl}start 'vigie run --as-of {as_of}'."
            )
        super().__init__(text)


class BrokenReleaseError(ReleaseError):
    """A pointer or a release file exists but cannot be used."""


class DamagedReleaseError(BrokenReleaseError):
    """The file of a release is no longer the one that was published."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(
            f"La version {file.stem} n'est plus le fichier qui a été publié ({file}) : "
            "lancez « vigie run », qui en construit une autre depuis l'historique brut. / "
            f"Versie {file.stem} is niet meer het bestand dat gepubliceerd werd ({file}): "
            "start 'vigie run', die een andere bouwt uit de ruwe historiek."
        )


class PublicationError(ReleaseError):
    """A candidate could not be published; the earlier release stays current."""

"""Errors of the release folder. Each message is one sentence a person can act on, in French,
Dutch and English.

Does not belong here: errors of the build or of the audit (orchestration.errors).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path


class ReleaseError(Exception):
    """Base class: anything wrong with the folder of releases.

    Args:
        fr, nl, en: the sentence in each language; what only the log reads is said once.
    """

    def __init__(self, fr: str, nl: str = "", en: str = "") -> None:
        self._said = {"fr": fr, "nl": nl, "en": en}
        super().__init__(f"{fr} / {nl}" if nl else fr)

    def sentence(self, lang: str) -> str:
        """Return the sentence in one language, for whoever has asked in it."""
        return self._said.get(lang) or str(self)


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
            super().__init__(
                f"Aucune version n'est encore publiée dans {folder} : lancez « vigie run ».",
                f"Nog geen versie gepubliceerd in {folder}: start 'vigie run'.",
                f"No release is published yet in {folder}: start 'vigie run'.",
            )
            return
        named = ", ".join(day.isoformat() for day in dates)
        there_fr = f"demandez une des dates qui existent ({named}), ou " if named else ""
        there_nl = f"vraag een van de bestaande data ({named}), of " if named else ""
        there_en = f"ask for one of the dates that exist ({named}), or " if named else ""
        super().__init__(
            f"Aucune version au {as_of} dans {folder} : "
            f"{there_fr}lancez « vigie run --as-of {as_of} ».",
            f"Geen versie op {as_of} in {folder}: {there_nl}start 'vigie run --as-of {as_of}'.",
            f"No release as of {as_of} in {folder}: {there_en}start 'vigie run --as-of {as_of}'.",
        )


class BrokenReleaseError(ReleaseError):
    """A pointer or a release file exists but cannot be used."""


class DamagedReleaseError(BrokenReleaseError):
    """The file of a release is no longer the one that was published."""

    def __init__(self, file: Path) -> None:
        self.file = file
        super().__init__(
            f"La version {file.stem} n'est plus le fichier qui a été publié ({file}) : "
            "lancez « vigie run », qui en construit une autre depuis l'historique brut.",
            f"Versie {file.stem} is niet meer het bestand dat gepubliceerd werd ({file}): "
            "start 'vigie run', die een andere bouwt uit de ruwe historiek.",
            f"Release {file.stem} is no longer the file that was published ({file}): "
            "start 'vigie run', which builds another one from the raw history.",
        )


class PublicationError(ReleaseError):
    """A candidate could not be published; the earlier release stays current."""

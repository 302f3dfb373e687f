"""Errors of a run. Each message is one sentence a person can act on; details go to the log.

Does not belong here: errors of a delivery (ingest.errors) or of the folder of releases
(release.errors).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class VigieError(Exception):
    """Base class: the run, or the command, cannot do what was asked."""


class SettingError(VigieError):
    """A setting has a value that means nothing. `key` and `values` make its sentence (texts.yaml),
    in the language of who reads it; what was given is shown with its control characters escaped.
    """

    def __init__(self, key: str, **values: Any) -> None:
        # Texts know the languages from the settings: only here.
        from orchestration.texts import say

        self.key = key
        self.values = {
            name: value if isinstance(value, int) else shown(value)
            for name, value in values.items()
        }
        super().__init__(say("en", key, **self.values))


def shown(value: object, limit: int = 200) -> str:
    """A value from outside in a sentence: on one line, without what a terminal would obey, never
    longer than a line or two.
    """
    text = str(value)
    text = text if len(text) <= limit else f"{text[:limit]}…"
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "backslashreplace").decode()
        for one in text
    )


class BackupError(VigieError):
    """A copy cannot be made, read or brought back."""


class ForgetError(VigieError):
    """A person cannot be forgotten. The sentence never says whom it concerns."""


class RollbackError(VigieError):
    """An earlier release cannot be made the current one."""


class DeclarationError(VigieError):
    """What the product itself declares (words of a column) contradicts itself: ours to correct."""


class AnotherRunError(VigieError):
    """Another process is writing in this data folder."""


class StorageError(VigieError):
    """The orchestrator's own memory cannot be used: its storage is damaged, or does not take our
    settings (`settings` names them).
    """

    def __init__(self, lang: str, folder: Path, settings: Sequence[str] = ()) -> None:
        from orchestration.texts import say

        key = "error.instance" if settings else "error.storage"
        super().__init__(say(lang, key, folder=shown(folder), settings=", ".join(settings)))


class NothingToBuildError(VigieError):
    """No accepted delivery stands at the date asked for."""


class BuildError(VigieError):
    """dbt could not compute a table."""


class CandidateError(VigieError):
    """The candidate may not become a release; the message is the key of the sentence that says
    why (texts.yaml).
    """


class AuditError(VigieError):
    """A check of error severity failed: nothing is published."""

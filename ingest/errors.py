"""Errors of this package that a person reads: one sentence with file, line, column, rule, remedy.

No message here may hold a value of a delivered row, nor the text of a DuckDB error (DuckDB quotes
the line it stumbled over, and that line may hold a national register number).
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ingest.bounds import told
from ingest.texts import Said, in_language, said


class IngestError(Exception):
    """Something stops the load; the message is one sentence meant for a person. One of texts.yaml
    (`said`) is given without its final period, and known in every language.
    """

    def __init__(self, message: str):
        self._message = message
        super().__init__(self.sentence("en"))

    @property
    def said(self) -> str:
        """The message without its final period, as a part of another sentence."""
        return self._message if isinstance(self._message, Said) else self._message.rstrip(".")

    def sentence(self, lang: str) -> str:
        """The message in a language; one that knows none but its own as it stands."""
        told_so = in_language(self._message, lang)
        return f"{told_so}." if isinstance(self._message, Said) else told_so


class DeliveryRefused(IngestError):
    """A delivery that is refused whole (F9, G1, F1); nothing of it is loaded.

    Attributes: `delivery_id` (folder name), `file` (name inside the folder, `manifest.json` for
    the manifest, "" for the folder), both as they may be shown; `reason` and `remedy` (each without
    a final period); `business_date`, where a refused manifest tells it; `faults`, all that was
    found, each with `file`, `reason` and `remedy`: the first is the one above.
    """

    def __init__(self, delivery_id: str, file: str, reason: str, remedy: str,
                 business_date: date | None = None):
        self.delivery_id, self.file = told(delivery_id), told(file) if file else ""
        self.reason, self.remedy, self.business_date = reason, remedy, business_date
        where = f"{self.delivery_id}/{self.file}" if file else self.delivery_id
        self.faults = [{"file": self.file, "reason": reason, "remedy": remedy}]
        super().__init__(said("error.refused", where=where, reason=reason, remedy=remedy))

    @classmethod
    def joined(cls, found: Sequence["DeliveryRefused"]) -> "DeliveryRefused":
        """The first of several refusals of one delivery, with the faults of all."""
        first = found[0]
        first.faults = [fault for refused in found for fault in refused.faults]
        return first


class MachineError(IngestError):
    """The machine cannot do what is asked (no space, no right, no memory): the load stops there and
    nothing is refused.

    Attributes: `reason` and `remedy` (texts of texts.yaml), `path` (None: unknown).
    """

    def __init__(self, reason: str, remedy: str, path: Path | None = None):
        self.reason, self.remedy, self.path = reason, remedy, path
        key = "error.stopped_at" if path else "error.stopped"
        super().__init__(said(key, path=str(path), reason=reason, remedy=remedy))


class MistakeError(IngestError):
    """A mistake of ours, told without the text of its error, which may quote a row.

    Attributes: `reason` and `remedy` (texts of texts.yaml).
    """

    def __init__(self, kind: str):
        self.reason, self.remedy = said("fault.ours", kind=kind), said("remedy.maintainer")
        super().__init__(said("error.mistake", reason=self.reason, remedy=self.remedy))


class SourceError(IngestError):
    """A source cannot be read as declared: `source.<key>` of texts.yaml. The message names file and
    key; it holds no value of a row, no part of an address and nothing of a driver's own text, which
    quotes all of them.

    Attributes: `of_mapping`, whether the database refused what a mapping says, so that its key can
    be sought.
    """

    def __init__(self, key: str, of_mapping: bool = False, **values: Any):
        self.of_mapping = of_mapping
        super().__init__(said(f"source.{key}", **values))


class SourceBusy(SourceError):
    """Another extract of the source is running: nothing is wrong with it."""

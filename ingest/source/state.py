"""What was extracted up to where, and what became of it: `sources/NAME/state/<delivery_id>/`.

Belongs here: the states that are kept, whether the delivery of one was taken by the door, and from
which one the next delta goes on. Does not belong here: reading the source.

A delta goes on from the newest delivery that was taken, or still lies in landing, and so were all
it rests on, back to a full one. After a refusal that is an earlier one: the next delta holds again
what the refused one held. A state is kept before its delivery shows: one whose delivery never
showed counts as gone.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

from ingest.bounds import file_stem, is_name
from ingest.contract import load_contracts
from ingest.delivery import read_manifest
from ingest.durable import (
    INCOMING,
    REPLACED,
    flush,
    put_in_place,
    seal_holds,
    sealed,
    write_json,
)
from ingest.errors import DeliveryRefused, IngestError, SourceBusy, SourceError
from ingest.raw import RawHistory
from ingest.source.query import Marks

STATE = "state.json"
# States before the one that the next delta goes on from: a delivery that arrives late has the
# later ones judged anew, and then an earlier one may be needed.
_KEPT_BEFORE = 5


class Fate(StrEnum):
    """What became of a delivery: in force; in landing, not yet judged; refused; not there."""

    TAKEN = "taken"
    WAITING = "waiting"
    REFUSED = "refused"
    GONE = "gone"


@dataclass(frozen=True)
class State:
    """Up to where one delivery read its source; `base` is the one a delta went on from."""

    delivery_id: str
    business_date: date
    mode: str
    digest: str
    landing: Path
    base: str | None
    database: str
    next: int | None
    marks: Mapping[str, Marks]
    fingerprints: Mapping[str, str]
    changes: Mapping[str, str]
    folder: Path

    @property
    def position(self) -> tuple[date, str]:
        return self.business_date, self.delivery_id


class States:
    """The states of one source, and the raw history that says what became of them."""

    def __init__(self, home: Path, source: str):
        self.folder = Path(home) / "sources" / source / "state"
        self._source = source
        self._history = RawHistory(home)
        self._landed = {receipt.delivery_id: receipt for receipt in self._history.receipts()}
        self._in_force = {receipt.delivery_id for receipt, _ in self._history.judged()}
        self.all = sorted((self._read(folder) for folder in self.folder.glob(f"*/{STATE}")
                           if is_name(folder.parent.name) and not folder.parent.name.startswith(
                               ".")), key=lambda state: state.position)
        self._known = {state.delivery_id: state for state in self.all}

    @property
    def newest(self) -> State | None:
        """The state of the delivery that was extracted last, whatever became of it."""
        return self.all[-1] if self.all else None

    def base(self) -> State | None:
        """The state that a delta goes on from; None: only a full delivery can come next."""
        for state in reversed(self.all):
            if self._stands(state):
                return None if self._another_full(state) else state
        return None

    def since(self, base: State) -> list[State]:
        """The base and all that came after it: what any of them told may have been taken."""
        return [state for state in self.all if state.position >= base.position]

    def unsound(self) -> list[str]:
        """Deliveries that still lie in landing though they were refused, or rest on one that was
        or that is gone: they are to be removed there.
        """
        return [state.delivery_id for state in self.all
                if (state.landing / state.delivery_id).is_dir() and not self._stands(state)
                and self.fate(state) is not Fate.TAKEN]

    def fate(self, state: State) -> Fate:
        """What became of the delivery of a state."""
        receipt = self._landed.get(state.delivery_id)
        if receipt and receipt.digest == state.digest:
            if receipt.verdict and receipt.verdict.refusal:
                return Fate.REFUSED
            return Fate.TAKEN if state.delivery_id in self._in_force else Fate.WAITING
        if (self._history.refusals / f"{file_stem(state.delivery_id)}.json").exists():
            return Fate.REFUSED
        try:
            delivery = read_manifest(state.landing / state.delivery_id, load_contracts())
        except (DeliveryRefused, IngestError, OSError):
            return Fate.GONE
        return Fate.WAITING if delivery.digest == state.digest else Fate.GONE

    def ids(self, day: date) -> set[str]:
        """Ids of a day that were given once."""
        return {state.delivery_id for state in self.all if state.business_date == day} | {
            name for name, receipt in self._landed.items() if receipt.business_date == day}

    def _stands(self, state: State) -> bool:
        seen: State | None = state
        while seen is not None:
            if self.fate(seen) not in (Fate.TAKEN, Fate.WAITING):
                return False
            if seen.mode == "full":
                return True
            if seen.base not in self._known:
                return seen.base in self._in_force
            seen = self._known[seen.base]
        return False

    def _another_full(self, base: State) -> bool:
        """Whether a full delivery from elsewhere came after the base: the state of that one is in
        force, of which we know nothing.
        """
        return any(receipt.mode == "full" and receipt.position > base.position
                   and name not in self._known for name, receipt in self._landed.items())

    # -- keeping ---------------------------------------------------------------------------------

    def keep(self, incoming: Path, state: State) -> None:
        """Keep a state whose other files lie in `incoming`, whole or not at all."""
        write_json(incoming / STATE, sealed({
            "delivery_id": state.delivery_id, "business_date": state.business_date.isoformat(),
            "mode": state.mode, "digest": state.digest, "landing": str(state.landing),
            "base": state.base, "database": state.database, "next": state.next,
            "marks": {name: [mark.rows, mark.tombstones] for name, mark in state.marks.items()},
            "fingerprints": dict(state.fingerprints), "changes": dict(state.changes)}))
        flush(incoming)
        put_in_place(incoming, self.folder / state.delivery_id)

    def forget(self, state: State) -> None:
        """Of a delivery that could not be shown."""
        shutil.rmtree(self.folder / state.delivery_id, ignore_errors=True)

    def prune(self) -> None:
        """Remove states that no delta will go on from any more."""
        if (base := self.base()) is not None:
            before = [state for state in self.all if state.position < base.position]
            for state in before[:-_KEPT_BEFORE]:
                shutil.rmtree(state.folder)

    def _read(self, file: Path) -> State:
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            if not seal_holds(said):
                raise ValueError
            marks = {name: Marks(*pair) for name, pair in said.pop("marks").items()}
            said["business_date"] = date.fromisoformat(said["business_date"])
            said["landing"] = Path(said["landing"])
            return State(**said, marks=marks, folder=file.parent)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise SourceError("state", folder=f"sources/{self._source}/state/{file.parent.name}"
                              ) from None


@contextmanager
def alone(home: Path, source: str) -> Iterator[Path]:
    """One extract of a source at a time; what a killed one left is cleared. Gives the folder in
    which the next state is prepared.
    """
    folder = Path(home) / "sources" / source / "state"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with open(os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceBusy("busy", name=source) from None
        for leftover in (*folder.glob(f"{INCOMING}*"), *folder.glob(f"{REPLACED}*")):
            shutil.rmtree(leftover)
        incoming = folder / f"{INCOMING}next"
        incoming.mkdir(mode=0o700)
        try:
            yield incoming
        finally:
            shutil.rmtree(incoming, ignore_errors=True)

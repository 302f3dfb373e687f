"""Loading: the ready deliveries of the landing folder go into the raw history, in their order.

Here belongs the order of things: which delivery is new, known, refused or waiting, what is
written when, so that a killed or repeated load never shows. What is wrong with a delivery belongs
to `delivery.py`, `verify.py` and `judge.py`; where things lie to `raw.py`.

A delivery shows once its folder `raw/<delivery_id>` is there (one rename, after its judgement is
in place) and its judgement stands on the chain of deliveries before it.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import drop, pseudonym, quarantine
from ingest.bounds import told
from ingest.contract import load_contracts
from ingest.delivery import (
    Delivery,
    assumed_position,
    check_date,
    read_manifest,
    ready_folders,
)
from ingest.durable import (
    INCOMING,
    REPLACED,
    flush,
    hashes,
    put_in_place,
    sealed,
    sha256,
    write_json,
)
from ingest.engine import PARQUET, check_path, connect, no_rows, parquet, text
from ingest.errors import DeliveryRefused, IngestError, MachineError
from ingest.faults import stopped
from ingest.judge import FormCount, judge
from ingest.raw import (
    ZONE,
    FileReceipt,
    RawHistory,
    Receipt,
    Verdict,
    chain_fingerprint,
    receipt_json,
)
from ingest.verify import verify_file


@dataclass(frozen=True)
class ProgressEvent:
    """How far a load is. `phase`: `verify` (bytes of the delivery's files), `judge`, `loaded`.

    `rows` are the rows of the extract just verified. Reported from a second thread too.
    """

    delivery_id: str
    phase: str
    extract: str = ""
    rows: int = 0
    bytes_done: int = 0
    bytes_total: int = 0


@dataclass
class LoadOutcome:
    """`loaded` now, `known` already, the first one `refused` or `held` for a person, and those
    `waiting` behind it.
    """

    loaded: list[Receipt] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refused: DeliveryRefused | None = None
    waiting: list[str] = field(default_factory=list)
    held: drop.DeliveryHeld | None = None


def load_ready(landing: Path, home: Path, up_to: date | None = None,
               on_progress: Callable[[ProgressEvent], None] | None = None) -> LoadOutcome:
    """Load every ready delivery, in order, up to the first refused one (G2).

    `up_to`: deliveries with a later business date are left for another time. Refusals are in the
    outcome and in `refusals/`, never raised. Errors: IngestError when nothing can be loaded at
    all (key missing, another load running; MachineError: no space, no right, no memory).
    """
    history = RawHistory(home)
    check_path(history.home, holds_databases=True)
    check_path(Path(landing).resolve(), holds_databases=False)
    try:
        with _alone(history):
            return _Load(Path(landing), history, up_to, on_progress or (lambda event: None)).run()
    except Exception as error:
        raise stopped(error, Path(home)) from None


@contextmanager
def _alone(history: RawHistory) -> Iterator[None]:
    """One load at a time; what a killed one left behind is cleared before anything else."""
    for folder in (history.raw, history.judgements, history.spill):
        folder.mkdir(parents=True, exist_ok=True)
    with open(history.raw / ".lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IngestError("Another load is running in this VIGIE_HOME; wait for its end."
                              ) from None
        for folder in (history.raw, history.judgements):
            for leftover in folder.glob(f"{REPLACED}*"):
                original = folder / leftover.name.removeprefix(REPLACED)
                if not original.exists():
                    os.rename(leftover, original)
            for leftover in [*folder.glob(f"{INCOMING}*"), *folder.glob(f"{REPLACED}*")]:
                shutil.rmtree(leftover)
        shutil.rmtree(history.spill)
        history.spill.mkdir()
        yield


class _Load:
    def __init__(self, landing, history: RawHistory, up_to, on_progress):
        self.landing, self.history, self.up_to = landing, history, up_to
        self.on_progress = on_progress
        self.contracts = load_contracts()
        self.outcome = LoadOutcome()
        self.chain: list[Receipt] = []
        self.fingerprint = ""
        landed = history.receipts()
        for receipt in landed:  # of the version before, or restored from a copy of raw/ alone
            history.note_load(receipt)
        self.key = pseudonym.ensure_key(history.home, may_create=not landed)
        self.key_id = pseudonym.key_id(self.key)
        if landed and landed[-1].key_id != self.key_id:
            raise IngestError("The key keys/pseudonym.key is not the one the raw history was made "
                              "with; put the old one back, or start anew as docs/deliveries.md "
                              "says under key rotation.")

    def run(self) -> LoadOutcome:
        blocked = False
        for position, item in self._in_order():
            new = not isinstance(item, Receipt)
            if self.up_to and position[0] > self.up_to:
                continue
            if (self.outcome.refused or self.outcome.held) and (new or blocked):
                if new:
                    self.outcome.waiting.append(position[1])
                continue
            try:
                if isinstance(item, IngestError):
                    raise item
                if isinstance(item, Receipt):
                    self._judge_again(item)
                else:
                    self._load(item)
            except DeliveryRefused as refused:
                self.history.note_refusal(refused)
                self.outcome.refused = self.outcome.refused or refused
                # What is landed already stands on the chain without a new delivery that is
                # refused, but not without one of its own.
                blocked = blocked or not new
            except drop.DeliveryHeld as held:
                self.history.forget_refusal(held.delivery_id)
                self.outcome.held = held
        if not self.up_to or self.outcome.held:
            drop.note_held(self.history.home, self.outcome.held)
        return self.outcome

    def _in_order(self) -> list[tuple[tuple[date, str], Receipt | Delivery | IngestError]]:
        """Landed and new deliveries in the order in which they apply."""
        items = {receipt.delivery_id: (receipt.position, receipt)
                 for receipt in self.history.receipts()}
        for folder in ready_folders(self.landing):
            position, item = assumed_position(folder), None
            name = told(folder.name)
            landed = items.get(folder.name, (None, None))[1]
            try:
                delivery = read_manifest(folder, self.contracts)
                position = delivery.position
                if landed and landed.digest == delivery.digest:
                    _same_files(landed, delivery)
                    if not (self.up_to and position[0] > self.up_to):
                        self.outcome.known.append(folder.name)
                    if not (landed.verdict and landed.verdict.refusal):
                        self.history.forget_refusal(folder.name)
                    continue
                if landed and not (landed.verdict and landed.verdict.refusal):
                    raise _other_content(folder.name)
                check_date(delivery, today())
                item = delivery
            except DeliveryRefused as refused:
                position, item = assumed_position(folder, refused.business_date), refused
            except MachineError as failed:
                item = failed
            position = position[0], name
            if landed and not isinstance(item, Delivery):
                items[f"{name}/"] = (landed.position, item)
            else:
                items[name] = (position, item)
        return sorted(items.values(), key=lambda pair: (pair[0], pair[1] is None))

    # -- one delivery ----------------------------------------------------------------------------

    def _load(self, delivery: Delivery) -> None:
        self._need_full(delivery.delivery_id, delivery.mode)
        incoming = self.history.raw / f"{INCOMING}{delivery.delivery_id}"
        incoming.mkdir()
        try:
            receipt = self._verify(delivery, incoming)
            receipt = self._judge(receipt, incoming)
            self._hold(receipt, incoming)
            flush(incoming)
            self.history.note_load(receipt)
            put_in_place(incoming, self.history.raw / delivery.delivery_id)
        finally:
            shutil.rmtree(incoming, ignore_errors=True)
        self._add(receipt)
        self.outcome.loaded.append(receipt)
        self.history.forget_refusal(delivery.delivery_id)
        self.on_progress(ProgressEvent(delivery.delivery_id, "loaded",
                                       rows=receipt.rows_delivered))

    def _hold(self, receipt: Receipt, folder: Path) -> None:
        """A full delivery that takes away too much waits, unless a person accepted it (H4)."""
        if receipt.mode != "full" or receipt.accepted_reason:
            return
        found = drop.find_drops(self.contracts, [self.history.member(r) for r in self.chain],
                                replace(self.history.member(receipt), folder=folder),
                                self.history.spill)
        if found:
            shutil.rmtree(self.history.judgements / receipt.delivery_id)
            raise drop.DeliveryHeld(receipt.delivery_id, receipt.business_date, receipt.digest,
                                    found)

    def _need_full(self, delivery_id: str, mode: str) -> None:
        if mode == "delta" and not any(receipt.mode == "full" for receipt in self.chain):
            raise DeliveryRefused(delivery_id, "", "a delta comes before any full delivery",
                                  "send a full delivery of an earlier or the same date first")

    def _verify(self, delivery: Delivery, incoming: Path) -> Receipt:
        total = sum((delivery.path / entry.file).stat().st_size for entry in delivery.files)
        done, entries, refused = 0, [], []
        for entry in delivery.files:
            base = done

            def on_bytes(count: int, entry=entry) -> None:
                nonlocal done
                done += count
                self.on_progress(ProgressEvent(delivery.delivery_id, "verify", entry.extract, 0,
                                               done, total))
            try:
                result = verify_file(delivery, entry, self.contracts[entry.extract], self.key,
                                     self.history.spill, incoming, on_bytes)
            except DeliveryRefused as fault:  # the sender is told of all files at once
                refused.append(fault)
                done = base + (delivery.path / entry.file).stat().st_size
                continue
            done = base + result.size
            total_given = entry.control_total
            entries.append(FileReceipt(
                entry.extract, entry.file, entry.sha256, result.size, result.rows,
                result.rejected, None if total_given is None else str(total_given),
                None if total_given is None else str(result.rejected_amount), result.merged))
            self.on_progress(ProgressEvent(delivery.delivery_id, "verify", entry.extract,
                                           result.rows, done, total))
        if refused:
            raise DeliveryRefused.joined(refused)
        _join_quarantine(incoming)
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        receipt = Receipt(
            delivery.delivery_id, delivery.business_date, delivery.mode, delivery.produced_at,
            self.history.first_load(delivery.delivery_id, delivery.digest) or now,
            delivery.digest, self.key_id, tuple(entries), hashes(incoming),
            drop.accepted_reason(self.history.home, delivery.delivery_id, delivery.digest),
            now)
        write_json(incoming / "receipt.json", receipt_json(receipt))
        return receipt

    def _judge_again(self, receipt: Receipt) -> None:
        """A landed delivery keeps its verdict while the deliveries before it are the same."""
        verdict = receipt.verdict
        fingerprint = chain_fingerprint(self.fingerprint, receipt)
        # One without hashes is of the version before: made anew, its files are known from then on.
        if (not verdict or verdict.fingerprint != fingerprint or verdict.refusal
                or not verdict.stored):
            try:
                self._need_full(receipt.delivery_id, receipt.mode)
                receipt = self._judge(receipt, self.history.raw / receipt.delivery_id)
            except DeliveryRefused as refused:
                self._put_verdict(receipt, None, Verdict(fingerprint, {}, {}, {
                    "file": refused.file, "reason": refused.reason, "remedy": refused.remedy}))
                raise
            self.history.forget_refusal(receipt.delivery_id)
        self._add(receipt)

    def _judge(self, receipt: Receipt, folder: Path) -> Receipt:
        self.on_progress(ProgressEvent(receipt.delivery_id, "judge"))
        target = self.history.judgements / f"{INCOMING}{receipt.delivery_id}"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        try:
            counts = {entry.extract: FormCount(entry.file, entry.rows, entry.rejected)
                      for entry in receipt.entries}
            members = [self.history.member(earlier) for earlier in self.chain]
            result = judge(self.contracts, members,
                           replace(self.history.member(receipt), folder=folder,
                                   rejected=frozenset(), kept=frozenset()),
                           counts, target, self.history.spill, self.key)
            verdict = Verdict(chain_fingerprint(self.fingerprint, receipt), result.rejected,
                              result.kept)
            return self._put_verdict(receipt, target, verdict)
        finally:
            shutil.rmtree(target, ignore_errors=True)

    def _put_verdict(self, receipt: Receipt, target: Path | None, verdict: Verdict) -> Receipt:
        if target is None:
            target = self.history.judgements / f"{INCOMING}{receipt.delivery_id}"
            target.mkdir()
        verdict = replace(verdict, stored=hashes(target))
        write_json(target / "verdict.json", sealed(asdict(verdict)))
        flush(target)
        put_in_place(target, self.history.judgements / receipt.delivery_id)
        return replace(receipt, verdict=verdict)

    def _add(self, receipt: Receipt) -> None:
        self.fingerprint = chain_fingerprint(self.fingerprint, receipt)
        self.chain.append(receipt)


def today() -> date:
    """The day it is in Brussels."""
    return datetime.now(ZONE).date()


def _other_content(delivery_id: str, file: str = "") -> DeliveryRefused:
    return DeliveryRefused(
        delivery_id, file, "a delivery of this name was loaded with other content",
        "send the new content under a new delivery_id")


def _same_files(landed: Receipt, delivery: Delivery) -> None:
    """The files are those that were loaded; only one written since is read again.

    Errors: DeliveryRefused when one is not.
    """
    for entry in delivery.files:
        path = delivery.path / entry.file
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
        if written > (landed.stored_at or landed.loaded_at) and sha256(path) != entry.sha256:
            raise _other_content(delivery.delivery_id, entry.file)


def _join_quarantine(incoming: Path) -> None:
    """One quarantine file for the delivery, empty or not, from those of its extracts."""
    parts = sorted(incoming.glob("quarantine-*.parquet"))
    rows = f"FROM {parquet(parts)}" if parts else no_rows(quarantine.COLUMNS)
    with connect(None) as connection:
        connection.execute(
            f"COPY ({rows}) TO {text(incoming / 'quarantine.parquet')} ({PARQUET})")
    for part in parts:
        part.unlink()

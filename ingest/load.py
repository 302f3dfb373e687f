"""Loading: the ready deliveries of the landing folder go into the raw history, in their order.

Here belongs the order of things: which delivery is new, known, refused or waiting, what is
written when, so that a killed or repeated load never shows. What is wrong with a delivery belongs
to `delivery.py`, `verify.py` and `judge.py`, the steps it goes through, which a check takes too, to
`examine.py`; where things lie to `raw.py`.

A delivery shows once its folder `raw/<delivery_id>` is there (one rename, after its judgement is
in place) and its judgement stands on the chain of deliveries before it.
"""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import drop, examine, pseudonym
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
    clear_leftovers,
    flush,
    hashes,
    put_in_place,
    sealed,
    write_json,
)
from ingest.engine import check_path
from ingest.errors import DeliveryRefused, IngestError, MachineError
from ingest.examine import today
from ingest.faults import stopped
from ingest.raw import (
    RawHistory,
    Receipt,
    Verdict,
    chain_fingerprint,
    receipt_json,
)
from ingest.texts import said


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
            raise IngestError(said("error.load_runs")) from None
        for folder in (history.raw, history.judgements):
            clear_leftovers(folder)
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
        examine.check_key(self.key, landed)

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
                if examine.is_known(landed, delivery):
                    if not (self.up_to and position[0] > self.up_to):
                        self.outcome.known.append(folder.name)
                    if not (landed.verdict and landed.verdict.refusal):
                        self.history.forget_refusal(folder.name)
                    continue
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
        examine.need_full(delivery.delivery_id, delivery.mode, self.chain)
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
        found = examine.drops(self.contracts, [self.history.member(r) for r in self.chain],
                              replace(self.history.member(receipt), folder=folder),
                              receipt.accepted_reason, self.history.spill)
        if found:
            shutil.rmtree(self.history.judgements / receipt.delivery_id)
            raise drop.DeliveryHeld(receipt.delivery_id, receipt.business_date, receipt.digest,
                                    found)

    def _verify(self, delivery: Delivery, incoming: Path) -> Receipt:
        def on_progress(step: examine.FileProgress) -> None:
            self.on_progress(ProgressEvent(delivery.delivery_id, "verify", step.extract, step.rows,
                                           step.bytes_done, step.bytes_total))

        found = examine.form(delivery, self.contracts, self.key, self.history.spill, incoming,
                             on_progress)
        if found.refused:
            raise DeliveryRefused.joined(found.refused)
        now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
        receipt = Receipt(
            delivery.delivery_id, delivery.business_date, delivery.mode, delivery.produced_at,
            self.history.first_load(delivery.delivery_id, delivery.digest) or now,
            delivery.digest, self.key_id, tuple(found.entries), hashes(incoming),
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
                examine.need_full(receipt.delivery_id, receipt.mode, self.chain)
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
            members = [self.history.member(earlier) for earlier in self.chain]
            result = examine.judgement(
                self.contracts, members, replace(self.history.member(receipt), folder=folder),
                receipt.entries, target, self.history.spill, self.key)
            if result.refused:
                raise DeliveryRefused.joined(result.refused)
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

"""What a delivery is worth, step by step: the one way for who loads it and who only asks.

Here belongs what `load.py` (which keeps it) and `check.py` (which keeps nothing) do alike: is it
known, may it come now, form of all its files, judgement, what it would take away. Where the results
lie is the caller's, and nothing outside the folders it names is written. The rules themselves stand
in `verify.py`, `judge.py` and `drop.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from ingest import drop, pseudonym, quarantine
from ingest.contract import Contract
from ingest.delivery import Delivery
from ingest.durable import sha256
from ingest.engine import connect, no_rows, text
from ingest.errors import DeliveryRefused, IngestError
from ingest.in_force import Member
from ingest.judge import FormCount, Outcome, judge
from ingest.raw import ZONE, FileReceipt, Receipt
from ingest.texts import said
from ingest.verify import verify_file
from storage.parquet import parquet, parquet_form


@dataclass(frozen=True)
class FileProgress:
    """How far the files of a delivery are read; `rows` are those of the file just done."""

    extract: str
    rows: int
    bytes_done: int
    bytes_total: int


@dataclass
class Form:
    """What the form step found: the files whose rows were read, and every refusal."""

    entries: list[FileReceipt] = field(default_factory=list)
    refused: list[DeliveryRefused] = field(default_factory=list)


def today() -> date:
    """The day it is in Brussels."""
    return datetime.now(ZONE).date()


def check_key(key: bytes, landed: Sequence[Receipt]) -> None:
    """The key is the one that what is landed was made with. Errors: IngestError."""
    if landed and landed[-1].key_id != pseudonym.key_id(key):
        raise IngestError(said("error.key_other"))


def is_known(landed: Receipt | None, delivery: Delivery) -> bool:
    """Whether this very content is landed already.

    Errors: DeliveryRefused when the name is, with other content that stands.
    """
    if landed and landed.digest == delivery.digest:
        _same_files(landed, delivery)
        return True
    if landed and not (landed.verdict and landed.verdict.refusal):
        raise _other_content(delivery.delivery_id)
    return False


def need_full(delivery_id: str, mode: str, chain: Sequence[Receipt]) -> None:
    """A delta comes after a full delivery. Errors: DeliveryRefused."""
    if mode == "delta" and not any(receipt.mode == "full" for receipt in chain):
        raise DeliveryRefused(delivery_id, "", said("delivery.no_full"), said("remedy.full_first"))


def form(delivery: Delivery, contracts: Mapping[str, Contract], key: bytes, spill: Path,
         target: Path, on_progress: Callable[[FileProgress], None]) -> Form:
    """Read every file of a delivery; rows and one `quarantine.parquet` go into `target`.

    The sender is told of all files at once: a refusal is in the result, never raised.
    """
    total = sum((delivery.path / entry.file).stat().st_size for entry in delivery.files)
    done, found = 0, Form()
    for entry in delivery.files:
        base = done

        def on_bytes(count: int, entry=entry) -> None:
            nonlocal done
            done += count
            on_progress(FileProgress(entry.extract, 0, done, total))
        try:
            result = verify_file(delivery, entry, contracts[entry.extract], key, spill, target,
                                 on_bytes)
        except DeliveryRefused as fault:
            found.refused.append(fault)
            done = base + (delivery.path / entry.file).stat().st_size
            continue
        done = base + result.size
        found.refused += result.refused
        given = entry.control_total
        found.entries.append(FileReceipt(
            entry.extract, entry.file, entry.sha256 or "", result.size, result.rows,
            result.rejected, None if given is None else str(given),
            None if given is None else str(result.rejected_amount), result.merged))
        on_progress(FileProgress(entry.extract, result.rows, done, total))
    _join_quarantine(target)
    return found


def judgement(contracts: Mapping[str, Contract], chain: Sequence[Member], member: Member,
              entries: Sequence[FileReceipt], target: Path, spill: Path, key: bytes,
              deletes: bool = True) -> Outcome:
    """Judge what the form step left in `member.folder` after `chain`; results go into `target`."""
    counts = {entry.extract: FormCount(entry.file, entry.rows, entry.rejected) for entry in entries}
    member = replace(member, rejected=frozenset(), kept=frozenset())
    return judge(contracts, chain, member, counts, target, spill, key, deletes)


def drops(contracts: Mapping[str, Contract], chain: Sequence[Member], member: Member,
          accepted_reason: str, spill: Path) -> list[drop.Drop]:
    """What a judged delivery would take away past the limit, unless a person accepted it (H4)."""
    if member.mode != "full" or accepted_reason:
        return []
    return drop.find_drops(contracts, chain, member, spill)


def _other_content(delivery_id: str, file: str = "") -> DeliveryRefused:
    return DeliveryRefused(delivery_id, file, said("delivery.other_content"),
                           said("remedy.new_id"))


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
            f"COPY ({rows}) TO {text(incoming / 'quarantine.parquet')} ({parquet_form()})")
    for part in parts:
        part.unlink()

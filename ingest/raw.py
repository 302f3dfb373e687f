"""The raw history: every delivery that was loaded, and the state they add up to as of a date.

Here belongs the layout of `raw/` and `judgements/` under VIGIE_HOME, the receipts and verdicts
kept there, the plan as of a date and the views that show it to dbt. It knows no landing folder:
how a delivery gets here belongs to `load.py`, which rows are in force to `in_force.py`.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import in_force, quarantine
from ingest.bounds import file_stem, is_name
from ingest.drop import read_held
from ingest.durable import seal_holds, sealed, sha256, write_json
from ingest.engine import connect, day, no_rows, quote, text
from ingest.errors import DeliveryRefused, IngestError, MachineError
from ingest.in_force import Member
from ingest.texts import said
from storage import databases
from storage.parquet import parquet

ZONE = ZoneInfo("Europe/Brussels")
# Raise when a judgement of the same deliveries could come out otherwise: all are then made anew.
JUDGEMENT_VERSION = 3


@dataclass(frozen=True)
class FileReceipt:
    """One file as it was loaded; `rejected` counts the rows refused by form, `rejected_amount` is
    what of the control total stands on them (None: no column amount, or the version before);
    `merged` counts the rows with a code of before a merger (H2).
    """

    extract: str
    file: str
    sha256: str
    size: int
    rows: int
    rejected: int
    control_total: str | None
    rejected_amount: str | None = None
    merged: int = 0


@dataclass(frozen=True)
class Verdict:
    """What the judgement said, on the chain of deliveries named by `fingerprint`; `stored` are the
    hashes of its files by name.
    """

    fingerprint: str
    rejected: dict[str, int]
    kept: dict[str, int]
    refusal: dict[str, str] | None = None
    stored: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Receipt:
    """One landed delivery. `verdict` is None while it is not judged.

    `loaded_at` is when this content was first loaded, `stored_at` when it was last (UTC); `digest`
    names the content, `key_id` the key of the pseudonyms; `stored` are the hashes of its files by
    name, empty when the version before loaded it; `accepted_reason` why it was let in past the drop
    guard.
    """

    delivery_id: str
    business_date: date
    mode: str
    produced_at: str
    loaded_at: datetime
    digest: str
    key_id: str
    entries: tuple[FileReceipt, ...]
    stored: dict[str, str] = field(default_factory=dict)
    accepted_reason: str = ""
    stored_at: datetime | None = None
    #: Numbers of the traces (forgotten/) by which identifiers were taken out of it.
    forgotten: tuple[int, ...] = ()
    verdict: Verdict | None = None

    @property
    def position(self) -> tuple[date, str]:
        return self.business_date, self.delivery_id

    @property
    def loaded_day(self) -> date:
        """Day in Brussels on which it was first loaded."""
        return self.loaded_at.replace(tzinfo=UTC).astimezone(ZONE).date()

    @property
    def files(self) -> int:
        return len(self.entries)

    @property
    def rows_delivered(self) -> int:
        return sum(entry.rows for entry in self.entries)

    @property
    def rows_rejected(self) -> int:
        judged = sum(self.verdict.rejected.values()) if self.verdict else 0
        return sum(entry.rejected for entry in self.entries) + judged

    @property
    def rows_accepted(self) -> int:
        return self.rows_delivered - self.rows_rejected


@dataclass(frozen=True)
class Plan:
    """The deliveries that make the state as of a date, in order; `fingerprint` names them all."""

    deliveries: tuple[Receipt, ...]
    as_of: date
    fingerprint: str

    @property
    def since_full(self) -> tuple[Receipt, ...]:
        """The last full delivery and what came after it: what the rows in force come from."""
        starts = [n for n, receipt in enumerate(self.deliveries) if receipt.mode == "full"]
        return self.deliveries[starts[-1] if starts else 0:]

    @property
    def unproven(self) -> list[str]:
        """Deliveries whose files have no hash: the version before loaded them."""
        return [receipt.delivery_id for receipt in self.deliveries if not receipt.stored]


def chain_fingerprint(before: str, receipt: Receipt) -> str:
    """Names a chain of deliveries by the chain before the last one and the content of that one."""
    link = [before, receipt.delivery_id, receipt.digest, JUDGEMENT_VERSION]
    if receipt.forgotten:
        link.append(list(receipt.forgotten))
    return hashlib.sha256(json.dumps(link).encode()).hexdigest()


class RawHistory:
    """The raw history under one VIGIE_HOME."""

    def __init__(self, home: Path):
        self.home = Path(home).resolve()
        self.raw = self.home / "raw"
        self.judgements = self.home / "judgements"
        self.refusals = self.home / "refusals"
        self.loads = self.home / "loads"
        self.warehouse = self.home / "warehouse"
        self.spill = self.warehouse / "spill" / "ingest"

    # -- what is there ---------------------------------------------------------------------------

    def receipts(self) -> list[Receipt]:
        """Every landed delivery in order, judged or not. Errors: IngestError on a broken file."""
        folders = self.raw.iterdir() if self.raw.is_dir() else ()
        found = [self._receipt(folder) for folder in folders
                 if folder.is_dir() and is_name(folder.name) and not folder.name.startswith(".")]
        return sorted(found, key=lambda receipt: receipt.position)

    def _receipt(self, folder: Path) -> Receipt:
        try:
            data = _sealed_json(folder / "receipt.json")
            data["business_date"] = date.fromisoformat(data["business_date"])
            data["loaded_at"] = datetime.fromisoformat(data["loaded_at"])
            if data.get("stored_at"):
                data["stored_at"] = datetime.fromisoformat(data["stored_at"])
            data["entries"] = tuple(FileReceipt(**entry) for entry in data["entries"])
            data["forgotten"] = tuple(data.get("forgotten", ()))
            file = self.judgements / folder.name / "verdict.json"
            verdict = Verdict(**_sealed_json(file)) if file.exists() else None
            return Receipt(**data, verdict=verdict)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise IngestError(said("error.receipt", folder=folder.name)) from None

    def prove(self, plan: "Plan") -> None:
        """Every stored file of a plan is the one that was written. Those that the version before
        stored have no hash until they are loaded again: `plan.unproven` names them.

        Errors: MachineError that names the file.
        """
        told_hashes = {}
        for receipt in plan.deliveries:
            for folder, stored in ((self.raw, receipt.stored),
                                   (self.judgements, receipt.verdict.stored)):
                told_hashes |= {folder / receipt.delivery_id / name: digest
                                for name, digest in stored.items()}
        with ThreadPoolExecutor() as pool:
            for file, right in zip(told_hashes, pool.map(_is_file, told_hashes.items()),
                                   strict=True):
                if not right:
                    raise MachineError(
                        said("fault.other_file" if file.exists() else "fault.gone"),
                        said("remedy.restore_delivery"), file)

    def member(self, receipt: Receipt) -> Member:
        """Where the rows of a landed and judged delivery lie."""
        verdict = receipt.verdict
        return Member(receipt.delivery_id, receipt.business_date, receipt.mode,
                      self.raw / receipt.delivery_id, self.judgements / receipt.delivery_id,
                      frozenset(entry.extract for entry in receipt.entries),
                      frozenset(verdict.rejected if verdict else ()),
                      frozenset(verdict.kept if verdict else ()))

    def judged(self) -> list[tuple[Receipt, str]]:
        """Receipts in force with their chain fingerprint, up to the first one not accepted."""
        found, fingerprint = [], ""
        for receipt in self.receipts():
            fingerprint = chain_fingerprint(fingerprint, receipt)
            verdict = receipt.verdict
            if not verdict or verdict.fingerprint != fingerprint or verdict.refusal:
                break
            found.append((receipt, fingerprint))
        return found

    # -- plan ------------------------------------------------------------------------------------

    def plan(self, as_of: date | None = None) -> Plan:
        """The accepted deliveries with business date <= `as_of` (all without it).

        Errors: IngestError when there is none.
        """
        found = [(receipt, fingerprint) for receipt, fingerprint in self.judged()
                 if as_of is None or receipt.business_date <= as_of]
        if not found:
            raise IngestError(said("error.no_delivery_by", day=as_of.isoformat()) if as_of
                              else said("error.no_delivery"))
        last, fingerprint = found[-1]
        return Plan(tuple(receipt for receipt, _ in found), last.business_date, fingerprint)

    def expose(self, plan: Plan) -> None:
        """Write `warehouse/history.duckdb`: schema `raw`, views only, as of the plan.

        One view per extract (its rows in force), and `_plan`, `_deliveries`, `_quarantine`. The
        file is replaced whole.
        """
        # Late: the library behind contracts is slow to import, and who only reads receipts need
        # not wait for it.
        from ingest.contract import load_contracts

        members = [self.member(receipt) for receipt in plan.deliveries]
        views = {name: in_force.rows_in_force(contract, members)
                 for name, contract in load_contracts().items()}
        views["_plan"] = f"SELECT {day(plan.as_of)} AS as_of_date"
        views["_deliveries"] = _deliveries(plan.deliveries)
        views["_quarantine"] = self._quarantine(plan.deliveries)
        self.warehouse.mkdir(parents=True, exist_ok=True)
        target, incoming = self.warehouse / "history.duckdb", self.warehouse / "history.incoming"
        for leftover in (incoming, incoming.with_name("history.incoming.wal")):
            leftover.unlink(missing_ok=True)
        with databases.connect(incoming) as connection:
            connection.execute("CREATE SCHEMA raw")
            for name, sql in views.items():
                connection.execute(f"CREATE VIEW raw.{quote(name)} AS {sql}")
        os.replace(incoming, target)

    def _quarantine(self, receipts: Sequence[Receipt]) -> str:
        """SQL of all rejected rows, with the file of each and `is_open` (F5)."""
        columns = ", ".join(quote(name) for name, _ in quarantine.COLUMNS)
        by_form = [self.raw / r.delivery_id / "quarantine.parquet" for r in receipts
                   if any(entry.rejected for entry in r.entries)]
        by_judgement = [self.judgements / r.delivery_id / "quarantine.parquet" for r in receipts
                        if r.verdict and r.verdict.rejected]
        if not by_form + by_judgement:
            return no_rows((*quarantine.COLUMNS, ("file", "VARCHAR"), ("is_open", "BOOLEAN")))
        rows = f"SELECT {columns} FROM {parquet(by_form + by_judgement)}"
        chain = in_force.since_full([self.member(receipt) for receipt in receipts])
        place = ", ".join(f"({text(member.delivery_id)}, {number})"
                          for number, member in enumerate(chain))
        files = ", ".join(f"({text(r.delivery_id)}, {text(entry.extract)}, {text(entry.file)})"
                          for r in receipts for entry in r.entries)
        deltas = [member.judgement / in_force.TOUCHED for member in chain[1:]]
        touched = parquet(deltas) if deltas else (
            "(SELECT delivery_id, extract, \"key\" FROM rows WHERE false)")
        return f"""
            WITH rows AS ({rows}), chain(delivery_id, place) AS (VALUES {place}),
            files(delivery_id, extract, file) AS (VALUES {files}),
            later AS (
                SELECT extract, "key", max(place) AS place
                FROM {touched} AS touched JOIN chain USING (delivery_id)
                GROUP BY ALL)
            SELECT {', '.join(f'rows.{quote(name)}' for name, _ in quarantine.COLUMNS)},
                   files.file,
                   chain.place IS NOT NULL AND coalesce(later.place <= chain.place, true)
                   AS is_open
            FROM rows LEFT JOIN chain USING (delivery_id)
            LEFT JOIN files ON files.delivery_id = rows.delivery_id
                AND files.extract = rows.extract
            LEFT JOIN later ON later.extract = rows.extract AND later."key" = rows."key"
            """

    # -- first loads (H9): beside raw/, so that a reload does not make a delivery late -------------

    def note_load(self, receipt: Receipt) -> None:
        """Keep when this content was first loaded; what is kept already stays."""
        if self.first_load(receipt.delivery_id, receipt.digest) is None:
            self.loads.mkdir(parents=True, exist_ok=True)
            write_json(self.loads / f"{receipt.delivery_id}.json", {
                "delivery_id": receipt.delivery_id, "digest": receipt.digest,
                "loaded_at": receipt.loaded_at.isoformat()})

    def first_load(self, delivery_id: str, digest: str) -> datetime | None:
        """When a content was first loaded (UTC); None when it never was, or nobody knows any more.
        """
        try:
            kept = json.loads((self.loads / f"{delivery_id}.json").read_text(encoding="utf-8"))
            return datetime.fromisoformat(kept["loaded_at"]) if kept["digest"] == digest else None
        except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
            return None

    # -- refusals --------------------------------------------------------------------------------

    def note_refusal(self, refused: DeliveryRefused) -> None:
        """Keep why a delivery was refused, until it loads."""
        self.refusals.mkdir(parents=True, exist_ok=True)
        data = {"delivery_id": refused.delivery_id, "file": refused.file,
                "reason": refused.reason, "remedy": refused.remedy, "message": str(refused),
                "faults": refused.faults,
                "refused_at": datetime.now(ZONE).isoformat(timespec="seconds")}
        write_json(self.refusals / f"{file_stem(refused.delivery_id)}.json", data)

    def forget_refusal(self, delivery_id: str) -> None:
        (self.refusals / f"{file_stem(delivery_id)}.json").unlink(missing_ok=True)


def status(home: Path) -> dict:
    """What `vigie status` tells of the raw history.

    Keys: `deliveries` (count), `last_loaded` (delivery_id, business_date, loaded_at; or None),
    `open_quarantine` (list of delivery_id, file, extract, rule, rows), `refused` (list of
    refusals), `held` (list of deliveries that wait for a person).
    """
    history = RawHistory(home)
    receipts = tuple(receipt for receipt, _ in history.judged())
    refused = [_refusal(path) for path in sorted(history.refusals.glob("*.json"))]
    last = receipts[-1] if receipts else None
    rows = []
    if receipts:
        with connect(None) as connection:
            rows = connection.execute(
                "SELECT delivery_id, file, extract, rule, count(*) "
                f"FROM ({history._quarantine(receipts)}) "
                "WHERE is_open GROUP BY ALL ORDER BY ALL").fetchall()
    return {
        "deliveries": len(receipts),
        "last_loaded": last and {"delivery_id": last.delivery_id,
                                 "business_date": last.business_date.isoformat(),
                                 "loaded_at": last.loaded_at.isoformat()},
        "open_quarantine": [{"delivery_id": delivery_id, "file": file,
                             "extract": extract, "rule": rule, "rows": count}
                            for delivery_id, file, extract, rule, count in rows],
        "refused": refused,
        "held": read_held(history.home),
    }


def _refusal(path: Path) -> dict:
    """Why a delivery was refused. A note that is damaged still says which one; the next run, which
    meets the same delivery, writes it anew."""
    try:
        data = json.loads(path.read_bytes())
        if {"delivery_id", "file", "reason", "remedy"} <= data.keys():
            return data
    except (OSError, ValueError, AttributeError, RecursionError):
        pass
    reason, remedy = "the note of its refusal is damaged", "run 'vigie run' again"
    return {"delivery_id": path.stem, "file": "", "reason": reason, "remedy": remedy,
            "message": f"Delivery {path.stem} is refused: {reason}; {remedy}.",
            "refused_at": None}


def receipt_json(receipt: Receipt) -> dict:
    """What is written next to the rows of a delivery (its verdict lies elsewhere)."""
    data = asdict(receipt)
    del data["verdict"]
    if not data["forgotten"]:
        # As versions before wrote it.
        del data["forgotten"]
    return sealed({**data, "business_date": receipt.business_date.isoformat(),
                   "loaded_at": receipt.loaded_at.isoformat(),
                   "stored_at": receipt.stored_at and receipt.stored_at.isoformat()})


def _sealed_json(file: Path) -> dict:
    """Content of a receipt or a verdict. Errors: OSError, ValueError."""
    data = json.loads(file.read_text(encoding="utf-8"))
    if not seal_holds(data):
        raise ValueError
    return data


def _is_file(said: tuple[Path, str]) -> bool:
    """Whether a file is there and has the hash that is said of it."""
    try:
        return sha256(said[0]) == said[1]
    except FileNotFoundError:
        return False


def _deliveries(receipts: Sequence[Receipt]) -> str:
    rows = ", ".join(
        f"({text(r.delivery_id)}, {day(r.business_date)}, {text(r.mode)}, "
        f"TIMESTAMP '{r.loaded_at.replace(tzinfo=None)}', {r.files}, "
        f"{r.rows_delivered}::BIGINT, {r.rows_accepted}::BIGINT, {r.rows_rejected}::BIGINT, "
        f"nullif({text(r.accepted_reason)}, ''))"
        for r in receipts)
    return (f"SELECT * FROM (VALUES {rows}) AS deliveries(delivery_id, business_date, mode, "
            "loaded_at, files, rows_delivered, rows_accepted, rows_rejected, accepted_reason)")

"""Checking: what the door would say of a delivery, all of it at once, and nothing kept.

Here belongs the order of the questions and what is told of the answers. The answers themselves are
those of a load: `examine.py` is the one way for both. Nothing is written under VIGIE_HOME, no key
either; the rows lie, under pseudonyms, in a folder of the system's that goes when the check ends.

A load stops at the first step that refuses. A check goes on as far as what follows can be known:
past a refused file, rows of extracts that refer to it are not judged, and the report names them.
What it cannot know: other deliveries that wait in landing, and what a late delivery does to those
after it, which a load judges anew.
"""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from ingest import drop, examine, pseudonym, quarantine
from ingest.bounds import told
from ingest.contract import Contract, load_contracts, parents, parents_first
from ingest.delivery import MANIFEST, Delivery, check_date, examine_manifest, implied
from ingest.engine import check_path, connect, quote, text
from ingest.errors import DeliveryRefused, IngestError
from ingest.faults import stopped
from ingest.in_force import Member
from ingest.judge import all_says
from ingest.raw import RawHistory, Receipt
from ingest.rules import DUPLICATE, row_rules
from ingest.texts import Said, said
from storage.parquet import parquet

#: So many rows are listed of each rule that rows break; all are counted.
ROWS = 200


@dataclass(frozen=True)
class FileSeen:
    """One file whose rows were read: how many there are, how many would be rejected."""

    extract: str
    file: str
    rows: int
    rejected: int


@dataclass(frozen=True)
class Broken:
    """One rule that rows of a file break, how often, and the first line."""

    extract: str
    file: str
    column: str
    rule: str
    says: Said
    rows: int
    first_line: int


@dataclass(frozen=True)
class Rejected:
    """One row that would be rejected, as the quarantine tells it; `value` is "" where there is
    none and `quarantine.HIDDEN_VALUE` where it is personal.
    """

    extract: str
    file: str
    line: int
    key: str
    column: str
    rule: str
    value: str
    says: Said
    reason: str


@dataclass
class Report:
    """What the door would say. `refusals`: `file`, `reason`, `remedy` each; `not_judged`: extracts
    of which references could not be looked at; `after`: deliveries in force before this one;
    `later`: deliveries that a load of it would judge anew.
    """

    delivery_id: str
    business_date: date | None = None
    mode: str = ""
    has_manifest: bool = True
    is_known: bool = False
    files: list[FileSeen] = field(default_factory=list)
    refusals: list[dict[str, str]] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    drops: list[drop.Drop] = field(default_factory=list)
    drop_limit: Decimal = Decimal(0)
    not_judged: list[str] = field(default_factory=list)
    deletes_judged: bool = True
    after: int = 0
    later: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(file.rows for file in self.files)

    @property
    def rows_rejected(self) -> int:
        return sum(broken.rows for broken in self.broken)

    @property
    def passes(self) -> bool:
        """Whether the door would take it whole."""
        return not (self.refusals or self.broken or self.drops)


def check(folder: Path, home: Path, rows: int = ROWS,
          on_progress: Callable[[examine.FileProgress], None] | None = None) -> Report:
    """Judge the delivery in `folder` after what is in force in `home`, as a load would.

    `home` need not exist. Errors: IngestError when it cannot be told (a load is running, the key is
    missing, what is loaded is not judged); MachineError.
    """
    folder = Path(os.path.abspath(folder))
    history = RawHistory(home)
    check_path(folder, holds_databases=False)
    if not folder.is_dir():
        raise IngestError(said("error.no_folder", folder=told(folder.name)))
    try:
        _await_no_load(history)
        with tempfile.TemporaryDirectory(prefix="vigie-check-") as scratch:
            return _Check(folder, history, Path(scratch), rows,
                          on_progress or (lambda step: None)).run()
    except Exception as error:
        raise stopped(error, folder) from None


class _Check:
    def __init__(self, folder, history: RawHistory, scratch: Path, rows: int, on_progress):
        self.folder, self.history, self.limit = folder, history, rows
        self.on_progress = on_progress
        self.contracts = load_contracts()
        self.rows, self.judged, self.spill = (scratch / name for name in ("raw", "judged", "spill"))
        for place in (self.rows, self.judged, self.spill):
            place.mkdir()
        self.refused: list[DeliveryRefused] = []
        self.report = Report(told(folder.name))

    def run(self) -> Report:
        report, landed = self.report, self.history.receipts()
        key = self._key(landed)
        delivery = self._delivery()
        if delivery:
            report.delivery_id, report.mode = delivery.delivery_id, delivery.mode
            report.business_date = delivery.business_date
            chain = self._chain(delivery, landed)
            self._may_come(delivery, landed, chain)
            self._look(delivery, chain, key)
        report.refusals = [fault for one in self.refused for fault in one.faults]
        return report

    def _key(self, landed: list[Receipt]) -> bytes:
        """The key of the home; where there is none yet, one that nobody ever sees: pseudonyms and
        the signs of hidden keys differ from those of a load, nothing else does.
        """
        file = self.history.home / "keys" / "pseudonym.key"
        if not landed and not file.exists():
            return secrets.token_bytes(pseudonym.KEY_BYTES)
        key = pseudonym.ensure_key(self.history.home, may_create=False)
        examine.check_key(key, landed)
        return key

    def _delivery(self) -> Delivery | None:
        self.report.has_manifest = os.path.lexists(self.folder / MANIFEST)
        delivery, found = (examine_manifest(self.folder, self.contracts)
                           if self.report.has_manifest
                           else implied(self.folder, self.contracts, examine.today()))
        self.refused += found
        return delivery

    def _chain(self, delivery: Delivery, landed: list[Receipt]) -> list[Receipt]:
        """The deliveries in force before this one. Errors: IngestError when one is not judged."""
        others = [receipt for receipt in landed if receipt.delivery_id != delivery.delivery_id]
        before = [receipt for receipt in others if receipt.position < delivery.position]
        standing = {receipt.delivery_id for receipt, _ in self.history.judged()}
        for receipt in before:
            if receipt.delivery_id not in standing:
                raise IngestError(said("error.not_judged", delivery_id=receipt.delivery_id))
        self.report.after = len(before)
        self.report.later = [receipt.delivery_id for receipt in others[len(before):]]
        return before

    def _may_come(self, delivery: Delivery, landed: list[Receipt], chain: list[Receipt]) -> None:
        same = next((one for one in landed if one.delivery_id == delivery.delivery_id), None)
        try:
            if self.report.has_manifest:
                self.report.is_known = examine.is_known(same, delivery)
        except DeliveryRefused as refused:
            self.refused.append(refused)
        for ask in (lambda: check_date(delivery, examine.today()),
                    lambda: examine.need_full(delivery.delivery_id, delivery.mode, chain)):
            try:
                ask()
            except DeliveryRefused as refused:
                self.refused.append(refused)

    def _look(self, delivery: Delivery, chain: list[Receipt], key: bytes) -> None:
        is_whole = not self.refused
        form = examine.form(delivery, self.contracts, key, self.spill, self.rows, self.on_progress)
        self.refused += form.refused
        read = {entry.extract for entry in form.entries}
        judged = self._judgeable(delivery, read, is_whole)
        if delivery.mode == "delta" and not any(receipt.mode == "full" for receipt in chain):
            judged = set()
        self.report.not_judged = [name for name in self.contracts if name in read - judged]
        rejected = {entry.extract: entry.rejected for entry in form.entries}
        if judged:
            entries = [entry for entry in form.entries if entry.extract in judged]
            outcome, drops = self._judge(delivery, chain, key, entries)
            self.refused += _past_limit_by_form_too(outcome.refused, form.refused)
            self.report.drops, self.report.drop_limit = drops, drop.max_drop_pct()
            for name, count in outcome.rejected.items():
                rejected[name] = rejected.get(name, 0) + count
        self.report.files = [FileSeen(entry.extract, entry.file, entry.rows,
                                      rejected[entry.extract]) for entry in form.entries]
        self._tell(delivery, {entry.extract: entry.file for entry in form.entries})

    def _judgeable(self, delivery: Delivery, read: set[str], is_whole: bool) -> set[str]:
        """Extracts that were read and refer to none that could not be, however far."""
        named = {entry.extract for entry in delivery.files}
        missing = (named if is_whole and delivery.mode == "delta" else set(self.contracts)) - read
        self.report.deletes_judged = delivery.mode == "full" or not missing
        unknown = set(missing)
        for contract in parents_first(self.contracts):
            if (parents(contract) - {contract.name}) & unknown:
                unknown.add(contract.name)
        return read - unknown

    def _judge(self, delivery, chain, key, entries):
        before = [self.history.member(receipt) for receipt in chain]
        member = Member(delivery.delivery_id, delivery.business_date, delivery.mode, self.rows,
                        self.judged, frozenset(entry.extract for entry in entries))
        outcome = examine.judgement(self.contracts, before, member, entries, self.judged,
                                    self.spill, key, self.report.deletes_judged)
        if self.report.is_known:  # what is loaded already is never held
            return outcome, []
        member = Member(member.delivery_id, member.business_date, member.mode, self.rows,
                        self.judged, member.extracts, frozenset(outcome.rejected),
                        frozenset(outcome.kept))
        accepted = (drop.accepted_reason(self.history.home, delivery.delivery_id, delivery.digest)
                    if self.report.has_manifest else "")
        looked_at = {name: self.contracts[name] for name in member.extracts}
        return outcome, examine.drops(looked_at, before, member, accepted, self.spill)

    # -- what is told ----------------------------------------------------------------------------

    def _tell(self, delivery: Delivery, files: Mapping[str, str]) -> None:
        """Count and list the rejected rows. The stored reason is English; which sentence it ends
        with is found again, so that it can be told in another language.
        """
        says = _sentences(self.contracts, delivery.mode)
        known = ", ".join(
            f"({number}, {text(extract)}, {text(rule)}, {text(column)}, "
            f"{text(quarantine.reason_end(one))})"
            for number, (extract, rule, column, one) in enumerate(says))
        places = [place / "quarantine.parquet" for place in (self.rows, self.judged)]
        columns = ", ".join(quote(name) for name, _ in quarantine.COLUMNS)
        with connect(self.spill) as connection:
            connection.execute(f"""
                CREATE TEMP TABLE told AS
                WITH rejected AS (
                    SELECT {columns} FROM {parquet([p for p in places if p.exists()])}),
                known(number, extract, rule, column_name, ending) AS (VALUES {known}),
                which AS (
                    SELECT reasons.*, arg_max(number, length(ending)) AS number,
                           max(length(ending)) AS ending_length
                    FROM (SELECT DISTINCT extract, rule, column_name, reason FROM rejected)
                         AS reasons
                    JOIN known USING (extract, rule, column_name)
                    WHERE ends_with(reason, ' ' || ending) GROUP BY ALL)
                SELECT rejected.*, number,
                       CASE rule WHEN '{DUPLICATE}' THEN '' ELSE trim(substr(
                           reason, length(column_name) + 2,
                           length(reason) - length(column_name) - ending_length - 1)) END AS value
                FROM rejected JOIN which USING (extract, rule, column_name, reason)""")
            self.report.broken = [
                Broken(extract, files[extract], column, rule, says[number][3], count, line)
                for extract, column, rule, number, count, line in connection.execute(
                    "SELECT extract, column_name, rule, number, count(*), min(line_number) "
                    "FROM told GROUP BY ALL ORDER BY extract, count(*) DESC, number").fetchall()]
            self.report.rejected = [
                Rejected(extract, files[extract], line, key, column, rule, value or "",
                         says[number][3], reason)
                for extract, line, key, column, rule, value, number, reason in connection.execute(
                    "SELECT extract, line_number, \"key\", column_name, rule, value, number, "
                    "reason FROM told QUALIFY row_number() OVER (PARTITION BY extract, number "
                    f"ORDER BY line_number) <= {int(self.limit)} ORDER BY extract, line_number"
                ).fetchall()]


def _sentences(contracts: Mapping[str, Contract], mode: str) -> list[tuple[str, str, str, Said]]:
    """Every sentence that can be said of a row: extract, rule, column, sentence."""
    by_form = [(contract.name, rule.rule, rule.column, rule.says) for contract in contracts.values()
               for rule in row_rules(contract, contracts, mode)]
    return by_form + all_says(contracts)


def _past_limit_by_form_too(judged, formed) -> list[DeliveryRefused]:
    """Refusals of a judgement, but for files that the form step refuses for the same limit."""
    known = {refused.file for refused in formed if _is_limit(refused)}
    return [refused for refused in judged if refused.file not in known]


def _is_limit(refused: DeliveryRefused) -> bool:
    return getattr(refused.reason, "key", "") == "limit.passed"


def _await_no_load(history: RawHistory) -> None:
    """While a load works nothing can be said. Nothing is written or held: a load may begin."""
    try:
        with open(history.raw / ".lock") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return
    except BlockingIOError:
        raise IngestError(said("error.check_waits")) from None

"""Form: one file of a delivery, looked at alone, becomes typed Parquet and quarantined rows.

Here belongs what a single file can prove: it is the file the manifest announces, every line can
be read, and which rows break a rule of their own (type, required, domain, duplicate key). What
depends on other files or earlier deliveries belongs to `judge.py`. Rules as SQL: `rules.py`; how
a file is read: `reading.py`, `scan.py`.

The rows are read once, into a table whose order is that of the file, so that `rowid` tells the
line; beside each stands the number of the first rule it breaks. The few that break one go into
`broken`, with what is told of them; what is written leaves them out.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from threading import Event

import duckdb

from ingest import pseudonym, quarantine, reading, rules, scan
from ingest.bounds import IDENTIFIER_CHARACTERS
from ingest.codes import merged_codes
from ingest.contract import PSEUDONYM, Contract, load_contracts
from ingest.delivery import Delivery, FileEntry
from ingest.engine import connect, day, has_form, key_text, quote, text
from ingest.errors import DeliveryRefused, IngestError
from ingest.faults import Owner, fault_of, stopped
from ingest.limit import past_limit, too_many
from ingest.masking import shown_key
from ingest.texts import Said, said
from storage.parquet import parquet_form

_SEND_AGAIN = said("remedy.write_anew")


@dataclass(frozen=True)
class FileResult:
    """Counts of one file: `rows` = accepted by form + `rejected`; `rejected_amount` is what of the
    control total stands on rejected rows, `merged` how many rows have a code of before a merger.
    `refused`: the rows were read and are written, but the delivery is refused for these (F1, F9).
    """

    extract: str
    rows: int
    rejected: int
    size: int
    rejected_amount: Decimal = Decimal(0)
    merged: int = 0
    refused: tuple[DeliveryRefused, ...] = ()


def verify_file(delivery: Delivery, entry: FileEntry, contract: Contract, key: bytes, spill: Path,
                target: Path, on_bytes: Callable[[int], None] | None = None) -> FileResult:
    """Write `<extract>.parquet` into `target`, and `quarantine-<extract>.parquet` if need be.

    Errors: DeliveryRefused for what is wrong with the file as a whole (F9, G1), where its rows
    cannot be told; where they can, the result holds it.
    """
    return _File(delivery, entry, contract, key, spill, target).verify(on_bytes)


class _File:
    def __init__(self, delivery, entry, contract, key, spill, target):
        self.delivery, self.entry, self.contract = delivery, entry, contract
        self.key, self.spill, self.target = key, spill, target
        self.path = delivery.path / entry.file
        self.rules = rules.row_rules(contract, load_contracts(), delivery.mode)

    def refuse(self, reason: str, remedy: str = _SEND_AGAIN) -> DeliveryRefused:
        return DeliveryRefused(self.delivery.delivery_id, self.entry.file, reason, remedy)

    def verify(self, on_bytes) -> FileResult:
        # Rows with a national number never spill: what DuckDB puts on disk is in clear.
        session = connect(None if self.contract.has_direct else self.spill)
        over = Event()
        with session as connection, ThreadPoolExecutor(1) as pool:
            facts: Future[scan.Facts] = Future()
            pool.submit(self._scan, facts, connection, over, on_bytes)
            header: list[str] = []
            reading_it = True
            try:
                header = self._header()
                self._land(connection, header)
                reading_it = False
                self._gather_broken(connection)
                return self._finish(connection, header, self._check_bytes(facts))
            except DeliveryRefused:
                self._check_bytes(facts)  # a damaged file is refused for that, not for its symptom
                raise
            except IngestError:
                raise
            except Exception as error:  # its text may quote the line: never shown, never chained
                if reading_it and fault_of(error).owner is Owner.FILE:
                    self._check_bytes(facts)
                    raise self._unreadable(header) from None
                if isinstance(error, duckdb.InterruptException):
                    self._check_bytes(facts)  # raises: that is why we were interrupted
                raise stopped(error, self.path) from None
            finally:
                over.set()

    def _scan(self, facts: "Future[scan.Facts]", connection, over: Event, on_bytes) -> None:
        """The bytes, in a thread of its own. Where they have no end in reason, DuckDB, which reads
        beside us, is told to stop, and again in case it was between two statements.
        """
        try:
            seen = scan.scan(self.path, self.entry.format, self.entry.rows, on_bytes)
        except BaseException as error:
            facts.set_exception(error)
            return
        facts.set_result(seen)
        while seen.endless and not over.wait(0.05):
            connection.interrupt()

    # -- the file as a whole ---------------------------------------------------------------------

    def _header(self) -> list[str]:
        try:
            names = reading.column_names(self.path, self.entry.format)
            if self.entry.format == "parquet":
                self._check_rows(reading.announced_rows(self.path))
        except ValueError as error:
            raise self.refuse(error.args[0]) from None
        wanted = [column.name for column in self.contract.columns]
        if self.delivery.mode == "delta":
            wanted.append("_op")
        elif "_op" in names:
            raise self.refuse(said("file.op_in_full"), said("remedy.no_op"))
        for name in names:
            if names.count(name) > 1:
                raise self.refuse(said("file.column_twice", column=_safe(name)),
                                  said("remedy.name_once"))
        # An unknown name may be a value (a file without header): it is not repeated as it stands.
        if unknown := [_safe(name) for name in names if name not in wanted]:
            raise self.refuse(said("file.column_unknown", columns=", ".join(unknown[:5])),
                              said("remedy.columns", extract=self.contract.said))
        if missing := [name for name in wanted if name not in names]:
            raise self.refuse(said("file.column_missing", columns=", ".join(missing)),
                              said("remedy.columns", extract=self.contract.said))
        return names

    def _check_bytes(self, facts: "Future[scan.Facts]") -> scan.Facts:
        try:
            seen = facts.result()
        except Exception as error:
            raise stopped(error, self.path) from None
        if self.entry.is_announced and seen.sha256 != self.entry.sha256:
            raise self.refuse(said("file.sha256"), said("remedy.send_again"))
        if seen.fault and not seen.fault.key.startswith("scan.quote"):
            raise self.refuse(seen.fault)
        return seen

    def _unreadable(self, header: list[str]) -> DeliveryRefused:
        if self.entry.format == "parquet":
            return self.refuse(said("file.parquet"))
        found = scan.first_bad_record(self.path, self.entry.format, len(header))
        if found:
            return self.refuse(said("file.line", line=found[0], fault=found[1]))
        return self.refuse(said("file.csv"))

    def _check_lines(self, facts: scan.Facts, header: list[str], rows: int) -> None:
        if self.entry.format != "parquet" and (
                facts.fault or facts.records != rows + 1
                or facts.commas != facts.records * (len(header) - 1)):
            raise self._unreadable(header)
        self._check_rows(rows)

    def _check_rows(self, rows: int) -> None:
        if self.entry.is_announced and rows != self.entry.rows:
            raise self.refuse(said("file.rows", rows=rows, announced=self.entry.rows))

    def _check_total(self, connection) -> Decimal:
        """What of the control total stands on rejected rows. An amount that is no number counts as
        0; one written wrongly, with its number or as 0.

        Senders differ there, and such a row is quarantined anyway.
        """
        total = connection.execute("SELECT coalesce(sum(amount), 0) FROM landed").fetchone()[0]
        odd = sum(_number(written) for (written,) in connection.execute(
            "SELECT _odd_amount FROM broken WHERE _odd_amount IS NOT NULL").fetchall())
        announced = self.entry.control_total if self.entry.is_announced else total
        if announced not in (total, total + odd):
            raise self.refuse(said("file.total", total=str(total), announced=str(announced)))
        rejected = connection.execute(
            "SELECT coalesce(sum(amount), 0) FROM landed SEMI JOIN (SELECT _place FROM broken "
            "WHERE _code <> 0) AS rejected ON landed.rowid = rejected._place").fetchone()[0]
        return rejected + announced - total

    # -- the rows --------------------------------------------------------------------------------

    def _land(self, connection, header: list[str]) -> None:
        """Table `landed`: the rows as they are stored, `_deleted`, and `_code`, the number of the
        first rule broken (0: none). Of a broken row also `_key` and `_shown`, its key and the value
        as they are told.
        """
        connection.execute(rules.MACROS)
        pseudonym.install(connection, self.key)
        for column in self.contract.columns:
            if values := rules.enum_values(column, self.delivery.business_date):
                connection.execute(f"CREATE TYPE {rules.enum_name(column)} AS ENUM "
                                   f"({', '.join(text(value) for value in values)})")
        source, came_typed = reading.as_text(connection, self.path, self.entry.format, header,
                                             self.contract)
        merged = {c.name: merged_codes(c.code_list, self.delivery.business_date)
                  for c in self.contract.columns if c.code_list}
        typed = ", ".join(
            [f"{rules.instant(c, c.name in came_typed)} AS {rules.instant_name(c)}"
             for c in self.contract.columns if c.type == "TIMESTAMP"]
            + [f"{rules.typed(c, c.name in came_typed, merged.get(c.name))} AS {quote(c.name)}"
               for c in self.contract.columns])
        old = " OR ".join(
            f"coalesce({quote('t_' + name)} IN ({', '.join(text(code) for code in codes)}), false)"
            for name, codes in merged.items() if codes) or "false"
        # A number that is none is hidden with the row; is_niss is the rule of its column.
        stored = ", ".join(
            f"CASE WHEN is_niss(t_{c.name}) THEN pseudonym(t_{c.name}) END AS {PSEUDONYM}"
            if c.personal == "direct" else quote(c.name) for c in self.contract.columns)
        deleted = "coalesce(t__op = 'D', false)" if self.delivery.mode == "delta" else "false"
        odd = "NULL"
        if self.contract.has_amount:
            odd = "CASE WHEN amount IS NULL THEN t_amount END"
        connection.execute(f"""
            CREATE TABLE landed AS
            SELECT {stored}, _deleted, _code, {old} AS _merged,
                   CAST({odd} AS VARCHAR) AS _odd_amount,
                   CASE WHEN _code <> 0 THEN {self._told_key('t_')} END AS _key,
                   CASE WHEN _code <> 0 THEN {self._told_value()} END AS _shown
            FROM (SELECT *, CAST({rules.first_broken(self.rules)} AS USMALLINT) AS _code
                  FROM (SELECT *, {typed}, {deleted} AS _deleted,
                               {day(self.delivery.business_date)} AS business_date
                        FROM ({source})))""")

    def _told_key(self, prefix: str = "") -> str:
        """SQL of the key of a row as it is told; hidden when a part has not the form it should."""
        malformed = "false"
        for name in self.contract.keys:
            if form := rules.identifier_form(self.contract.by_name[name], load_contracts()):
                malformed += f" OR NOT coalesce({has_form(quote(prefix + name), form)}, true)"
        shown = shown_key(key_text(self.contract.keys, prefix=prefix), malformed)
        # No accepted key is that long, so nothing is compared with what is cut.
        most = len(self.contract.keys) * (IDENTIFIER_CHARACTERS + 1)
        return (f"CASE WHEN length({shown}) > {most} THEN left({shown}, {most}) || '…' "
                f"ELSE {shown} END")

    def _told_value(self) -> str:
        """SQL of the offending value as a reason tells it, a blank after it."""
        branches = []
        for column in (*self.contract.columns, None):
            name = column.name if column else "_op"
            numbers = [str(n) for n, rule in enumerate(self.rules, 1) if rule.column == name]
            if numbers:
                source = f"CAST({quote('t_' + name)} AS VARCHAR)"
                branches.append(
                    f"WHEN _code IN ({', '.join(numbers)}) AND {source} IS NOT NULL "
                    f"THEN {quarantine.told_value(column, source)} || ' '")
        return f"CASE {' '.join(branches)} ELSE '' END"

    def _gather_broken(self, connection) -> None:
        """Table `broken`: the rows that break a rule. None of the rows with one key is trusted
        (F2); one that broke an earlier rule keeps it. Rows with an odd amount are there too.
        """
        number = 1 + next(n for n, rule in enumerate(self.rules) if rule.rule == rules.DUPLICATE)
        keys = ", ".join(quote(name) for name in self.contract.keys)
        connection.execute(f"CREATE TABLE repeated AS SELECT {keys}, true AS _twice FROM landed "
                           "GROUP BY ALL HAVING count(*) > 1")
        connection.execute(f"""
            CREATE TABLE broken AS
            SELECT landed.rowid AS _place, coalesce(_key, {self._told_key()}) AS _key,
                   CASE WHEN _twice AND _code NOT BETWEEN 1 AND {number - 1}
                   THEN {number} ELSE _code END AS _code, _shown, _odd_amount
            FROM landed LEFT JOIN repeated USING ({keys})
            WHERE _code <> 0 OR _twice OR _odd_amount IS NOT NULL""")

    # -- the result ------------------------------------------------------------------------------

    def _finish(self, connection, header: list[str], seen: scan.Facts) -> FileResult:
        rows = connection.execute("SELECT count(*) FROM landed").fetchone()[0]
        self._check_lines(seen, header, rows)
        rejected = connection.execute(
            "SELECT count(*) FROM broken WHERE _code <> 0").fetchone()[0]
        refused, amount = [], Decimal(0)
        if past_limit(rejected, rows):
            commonest, *others = self._by_rule(connection)
            refused.append(too_many(self.delivery.delivery_id, self.entry.file, rejected, rows,
                                    commonest))
            refused += [self.refuse(other, quarantine.REMEDY) for other in others]
        try:
            if self.contract.has_amount:
                amount = self._check_total(connection)
        except DeliveryRefused as fault:
            refused.append(fault)
        self._write_accepted(connection)
        if rejected:
            self._write_rejected(connection)
        (merged,) = connection.execute(
            "SELECT count(*) FROM landed WHERE _merged AND _code = 0").fetchone()
        return FileResult(self.contract.name, rows, rejected, seen.size, amount, merged,
                          tuple(refused))

    def _by_rule(self, connection) -> list[Said]:
        """Each rule that rows break, how often and where first; the commonest first."""
        told = []
        for number, line, count in connection.execute(
                "SELECT _code, min(_place) + 2, count(*) AS n FROM broken WHERE _code <> 0 "
                "GROUP BY _code ORDER BY n DESC, _code").fetchall():
            rule = self.rules[number - 1]
            told.append(said("limit.rule", times=count, column=rule.column, says=rule.says,
                             rule=rule.rule, line=line))
        return told

    def _write_accepted(self, connection) -> None:
        columns = ", ".join(quote(name) for name, _ in self.contract.stored)
        # What all rows share is written as the one value of a list: as text each row is looked at.
        delivery = text(self.delivery.delivery_id)
        connection.execute(f"""
            COPY (SELECT {columns},
                         CAST(CASE WHEN _deleted THEN 'D' ELSE 'U' END AS ENUM ('U', 'D')) AS _op,
                         rowid + 2 AS _line_number,
                         CAST({delivery} AS ENUM ({delivery})) AS _delivery_id,
                         {day(self.delivery.business_date)} AS _business_date
                  FROM landed ANTI JOIN (SELECT _place FROM broken WHERE _code <> 0) AS rejected
                  ON landed.rowid = rejected._place
            ) TO {text(self.target / f'{self.contract.name}.parquet')} ({parquet_form()})""")

    def _write_rejected(self, connection) -> None:
        told = ", ".join(
            f"({number}, {text(rule.rule)}, {text(rule.column)}, "
            f"{text(quarantine.reason_end(rule.says))})"
            for number, rule in enumerate(self.rules, 1))
        target = self.target / f"quarantine-{self.contract.name}.parquet"
        connection.execute(f"""
            COPY (SELECT {text(self.delivery.delivery_id)} AS delivery_id,
                         {text(self.contract.name)} AS extract,
                         broken._place + 2 AS line_number,
                         _key AS "key", rule, column_name,
                         column_name || CASE rule WHEN '{rules.DUPLICATE}' THEN ': '
                         ELSE ' ' || _shown END || says AS reason
                  FROM broken JOIN (VALUES {told}) AS told(number, rule, column_name, says)
                  ON number = _code ORDER BY broken._place) TO {text(target)} ({parquet_form()})""")


def _safe(name: str) -> str:
    return name[:40] if re.fullmatch("[A-Za-z_ ]{1,40}", name) else said("file.no_name")


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)

"""Form: one file of a delivery, looked at alone, becomes typed Parquet and quarantined rows.

Here belongs what a single file can prove: it is the file the manifest announces, every line can
be read, and which rows break a rule of their own (type, required, domain, duplicate key). What
depends on other files or earlier deliveries belongs to `judge.py`. Rules as SQL: `rules.py`.

The rules are evaluated once: `broken` keeps the few rows that break one, with what is told of them.
Counting and writing then look at no rule; they leave out what `broken` names. Between the queries
the rows of a CSV file are kept in a table, whose order is that of the file, so that `rowid` is the
record number (a window over the reader would keep it to one core). Parquet numbers its rows itself
and is cheap to read: it is read anew by each query, because keeping 50 million rows costs more.
"""

import re
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from ingest import pseudonym, rules, scan
from ingest.contract import PSEUDONYM, Column, Contract, load_contracts
from ingest.delivery import Delivery, FileEntry
from ingest.engine import PARQUET, connect, cursor, day, key_text, quote, text
from ingest.errors import DeliveryRefused, IngestError
from ingest.forms import has_form
from ingest.limit import past_limit, too_many
from ingest.masking import hidden, shown_key

AUDIT = (("_op", "VARCHAR"), ("_line_number", "BIGINT"), ("_delivery_id", "VARCHAR"),
         ("_business_date", "DATE"))
QUARANTINE = (("delivery_id", "VARCHAR"), ("extract", "VARCHAR"), ("line_number", "BIGINT"),
              ("key", "VARCHAR"), ("rule", "VARCHAR"), ("column_name", "VARCHAR"),
              ("reason", "VARCHAR"))
REMEDY = "correct the row at the source and deliver it again."
# Rows out of order that are worth looking at one by one.
_FEW = 100_000
# Rows from which it pays to see first whether a file comes in the order it is stored in.
_MANY = 1_000_000
_SEND_AGAIN = "have the operational system write the file anew and send the delivery again"
# Columns by which people and the ledger look things up; rows are stored in their order.
_ACCOUNTS = ("account_id", "affiliate_id", "company_id")
_NUMBERED = re.compile(r"[A-Z]\[0-9\]\{[1-8]\}")


@dataclass(frozen=True)
class FileResult:
    """Counts of one file: `rows` = accepted by form + `rejected`."""

    extract: str
    rows: int
    rejected: int
    size: int


def verify_file(delivery: Delivery, entry: FileEntry, contract: Contract, key: bytes, spill: Path,
                target: Path, on_bytes: Callable[[int], None] | None = None) -> FileResult:
    """Write `<extract>.parquet` into `target`, and `quarantine-<extract>.parquet` if need be.

    Errors: DeliveryRefused for what is wrong with the file as a whole (F1, F9, G1).
    """
    return _File(delivery, entry, contract, key, spill, target).verify(on_bytes)


class _File:
    def __init__(self, delivery, entry, contract, key, spill, target):
        self.delivery, self.entry, self.contract = delivery, entry, contract
        self.key, self.spill, self.target = key, spill, target
        self.path = delivery.path / entry.file
        self.rules: list[rules.Rule] = []
        self.own_rules = 0  # those after them are told only if no key is there twice

    def refuse(self, reason: str, remedy: str = _SEND_AGAIN) -> DeliveryRefused:
        return DeliveryRefused(self.delivery.delivery_id, self.entry.file, reason, remedy)

    def verify(self, on_bytes) -> FileResult:
        # Rows with a national number never spill: what DuckDB puts on disk is in clear.
        session = connect(None if self.contract.has_direct else self.spill)
        with session as connection, ThreadPoolExecutor(2) as pool:
            facts = pool.submit(scan.scan, self.path, self.entry.format, on_bytes)
            try:
                header = self._header()
                self._land(connection, header)
                # Comparing a key with the one before it takes one core, the rules take the other.
                counted = pool.submit(self._counted, cursor(connection))
                self._find_broken(connection)
                return self._finish(connection, header, facts, counted)
            except DeliveryRefused:
                self._check_bytes(facts)  # a damaged file is refused for that, not for its symptom
                raise
            except duckdb.OutOfMemoryException:
                raise IngestError(
                    f"{self.delivery.delivery_id}/{self.entry.file} needs more memory than the "
                    "limit; raise VIGIE_MEMORY_LIMIT.") from None
            except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException):
                raise  # a mistake of ours, raised before any line is read: it quotes none
            except duckdb.Error:  # its text quotes the line: never shown, never chained
                self._check_bytes(facts)
                raise self._unreadable(header) from None

    # -- the file as a whole ---------------------------------------------------------------------

    def _header(self) -> list[str]:
        if self.entry.format == "parquet":
            with connect(None) as connection:
                try:
                    names = [row[0] for row in connection.execute(
                        "SELECT name FROM parquet_schema($1) WHERE num_children IS NULL "
                        "OR num_children = 0", [str(self.path)]).fetchall()]
                except duckdb.Error:
                    raise self.refuse("the file cannot be read as Parquet") from None
        else:
            try:
                names = scan.read_header(self.path, self.entry.format)
            except ValueError as error:
                raise self.refuse(str(error)) from None
        wanted = [column.name for column in self.contract.columns]
        if self.delivery.mode == "delta":
            wanted.append("_op")
        elif "_op" in names:
            raise self.refuse("a full delivery has no column _op",
                              "leave the column out, or send the delivery as delta")
        for name in names:
            if names.count(name) > 1:
                raise self.refuse(f"the column {name[:40]} is there twice", "name it once")
        # An unknown name may be a value (a file without header): it is not repeated as it stands.
        if unknown := [_safe(name) for name in names if name not in wanted]:
            raise self.refuse(f"unknown column {', '.join(unknown[:5])} in the header line",
                              f"send exactly the columns of the extract {self.contract.name}")
        if missing := [name for name in wanted if name not in names]:
            raise self.refuse(f"missing column {', '.join(missing)} in the header line",
                              f"send exactly the columns of the extract {self.contract.name}")
        return names

    def _check_bytes(self, facts: "Future[scan.Facts]") -> scan.Facts:
        try:
            seen = facts.result()
        except OSError as error:
            raise self.refuse(f"the file cannot be opened ({error.strerror})") from None
        if seen.sha256 != self.entry.sha256:
            raise self.refuse("its sha256 is not the one in the manifest, so the file was changed "
                              "or cut off on its way", "send the delivery again")
        if seen.fault and "quote" not in seen.fault:
            raise self.refuse(seen.fault)
        return seen

    def _unreadable(self, header: list[str]) -> DeliveryRefused:
        if self.entry.format == "parquet":
            return self.refuse("the file cannot be read as Parquet")
        found = scan.first_bad_record(self.path, self.entry.format, len(header))
        if found:
            return self.refuse(f"line {found[0]}: {found[1]}")
        return self.refuse("the file is not CSV as RFC 4180 has it (line ends of two kinds, or a "
                           "quote where none may stand)")

    def _check_lines(self, facts: scan.Facts, header: list[str], rows: int) -> None:
        if self.entry.format != "parquet" and (
                facts.fault or facts.records != rows + 1
                or facts.commas != facts.records * (len(header) - 1)):
            raise self._unreadable(header)
        if rows != self.entry.rows:
            raise self.refuse(f"the file has {rows} rows, the manifest announces "
                              f"{self.entry.rows}")

    # -- the rows --------------------------------------------------------------------------------

    def _land(self, connection, header: list[str]) -> None:
        connection.execute(rules.MACROS)
        pseudonym.install(connection, self.key)
        for column in self.contract.columns:
            if values := rules.enum_values(column, self.delivery.business_date):
                connection.execute(f"CREATE TYPE {rules.enum_name(column)} AS ENUM "
                                   f"({', '.join(text(value) for value in values)})")
        source, same_type = self._source(connection, header)
        self.rules = rules.row_rules(self.contract, self.delivery.mode, same_type)
        self.own_rules = len(self.rules)
        self.rules += rules.reference_rules(self.contract, load_contracts())
        columns = self.contract.columns
        # What came typed as it should is taken as it is: no way through text and back.
        typed = ", ".join(
            f"{quote('t_' + c.name) if c.name in same_type else rules.typed(c)} AS {quote(c.name)}"
            for c in columns)
        # A number that is none is hidden with the row; is_niss is the rule of its column.
        stored = ", ".join(
            f"CASE WHEN is_niss(t_{c.name}) THEN pseudonym(t_{c.name}) END AS {PSEUDONYM}"
            if c.personal == "direct" else quote(c.name) for c in columns)
        deleted = "t__op = 'D'" if self.delivery.mode == "delta" else "false"
        read_again = self.entry.format == "parquet" and not self.contract.has_direct
        place = ", file_row_number AS _place" if read_again else ""
        rows = (f"SELECT {stored}, coalesce({deleted}, false) AS _deleted{place}%s FROM "
                f"(SELECT *%s FROM (SELECT *, {typed}, {day(self.delivery.business_date)} "
                f"AS business_date FROM ({source})))")
        key = shown_key(key_text(self.contract.keys, prefix="t_"), self._malformed_key("t_"))
        judged = rows % (
            f", _code, CASE WHEN _code <> 0 THEN {key} END AS _key, CASE WHEN _code <> 0 THEN "
            f"{self._shown()} END AS _shown, {self._odd_amount(deleted)} AS _odd_amount",
            f", CAST({self._first_broken(deleted)} AS USMALLINT) AS _code")
        if read_again:
            connection.execute(f"CREATE VIEW judged AS {judged}")
            connection.execute("CREATE VIEW landed AS " + rows % ("", ""))
        else:  # what holds a national number is read once only
            connection.execute(f"CREATE TABLE landed_rows AS {judged}")
            connection.execute("CREATE VIEW judged AS SELECT *, rowid AS _place FROM landed_rows")
            connection.execute("CREATE VIEW landed AS FROM judged")

    def _find_broken(self, connection) -> None:
        amount = "amount" if self.contract.has_amount else "0 AS amount"
        connection.execute(
            f"CREATE TABLE broken AS SELECT _place, _code, _key, _shown, _odd_amount, {amount} "
            "FROM judged WHERE _code <> 0 OR _odd_amount IS NOT NULL")

    def _source(self, connection, header: list[str]) -> tuple[str, frozenset[str]]:
        """SQL that gives every column as text, null when empty; columns typed as they should."""
        path = text(self.path)
        if self.entry.format == "parquet":
            found = {row[0]: row[1] for row in connection.execute(
                f"DESCRIBE SELECT * FROM read_parquet({path})").fetchall()}
            same = frozenset(c.name for c in self.contract.columns
                             if found[c.name] == c.type != "VARCHAR")
            fields = ", ".join(
                f"{self._as_found(name, found[name], name in same)} AS {quote('t_' + name)}"
                for name in header)
            return (f"SELECT {fields}, file_row_number "
                    f"FROM read_parquet({path}, file_row_number = true)"), same
        fields = ", ".join(f"{text('t_' + name)}: 'VARCHAR'" for name in header)
        return (f"FROM read_csv({path}, columns = {{{fields}}}, auto_detect = false, "
                "header = true, delim = ',', quote = '\"', escape = '\"', strict_mode = true, "
                f"compression = '{self.entry.format}')"), frozenset()

    def _as_found(self, name: str, found: str, same: bool) -> str:
        return quote(name) if same else f"nullif({self._as_text(name, found)}, '')"

    def _as_text(self, name: str, found: str) -> str:
        """A Parquet value as the CSV would hold it; zeros past the declared scale are no value."""
        source, column = quote(name), self.contract.by_name.get(name)
        if column and column.type.startswith("DECIMAL") and found.startswith("DECIMAL"):
            scale = column.type.rstrip(")").split(",")[1]
            return (f"CASE WHEN round({source}, {scale}) = {source} "
                    f"THEN CAST(CAST({source} AS DECIMAL(38, {scale})) AS VARCHAR) "
                    f"ELSE CAST({source} AS VARCHAR) END")
        return f"CAST({source} AS VARCHAR)"

    def _first_broken(self, deleted: str) -> str:
        """SQL of the number of the first broken rule, 0 when none is."""
        def cases(wanted) -> str:
            branches = " ".join(f"WHEN {rule.broken} THEN {number}" for number, rule
                                in enumerate(self.rules, 1) if wanted(rule))
            return f"CASE {branches} ELSE 0 END"
        if self.delivery.mode == "full":
            return cases(lambda rule: True)
        return (f"CASE WHEN {deleted} THEN {cases(lambda rule: rule.for_deletes)} "
                f"ELSE {cases(lambda rule: True)} END")

    def _shown(self) -> str:
        """SQL of the offending value as a reason may show it: shortened, personal ones never."""
        branches = []
        for column in (*self.contract.columns, None):
            name = column.name if column else "_op"
            numbers = [str(n) for n, rule in enumerate(self.rules, 1) if rule.column == name]
            if not numbers:
                continue
            source = f"CAST({quote('t_' + name)} AS VARCHAR)"
            shown = "'(value hidden) '" if column and column.personal != "none" else (
                f"'\"' || CASE WHEN length({source}) > 16 THEN left({hidden(source)}, 12) "
                f"|| '…' ELSE {hidden(source)} END || '\" '")
            branches.append(f"WHEN _code IN ({', '.join(numbers)}) AND {source} IS NOT NULL "
                            f"THEN {shown}")
        return f"CASE {' '.join(branches)} ELSE '' END"

    def _odd_amount(self, deleted: str) -> str:
        """SQL of the text of an amount that breaks its type, which no typed sum may include."""
        broken = next((rule.broken for rule in self.rules
                       if (rule.column, rule.rule) == ("amount", "type")), None)
        if broken is None:
            return "CAST(NULL AS VARCHAR)"
        return f"CASE WHEN _code <> 0 OR {deleted} THEN CASE WHEN {broken} THEN t_amount END END"

    def _finish(self, connection, header: list[str], facts, counted) -> FileResult:
        rows, total, repeats = counted.result()
        seen = self._check_bytes(facts)
        self._check_lines(seen, header, rows)
        if repeats:
            self._mark_duplicates(connection, repeats)
        broken = connection.execute(
            "SELECT count(*) FROM broken WHERE _code <> 0").fetchone()[0]
        if past_limit(broken, rows):
            raise too_many(self.delivery.delivery_id, self.entry.file, broken, rows,
                           self._commonest(connection))
        if self.contract.has_amount:
            self._check_total(connection, total)
        self._write(connection, rows, broken)
        return FileResult(self.contract.name, rows, broken, seen.size)

    def _counted(self, connection) -> tuple[int, Decimal, str]:
        """Rows, sum of amounts, and the relation whose keys may be there twice, or "".

        Systems mostly write rows in the order of their key. Then a key above the one before it is
        new, and of two equal ones the second is among the few rows out of order. Where many are
        out of order, all keys are compared.
        """
        total = "sum(amount)" if self.contract.has_amount else "0"
        rows, amount = connection.execute(f"SELECT count(*), {total} FROM landed").fetchone()
        if len(self.contract.keys) == 1:
            falls = self._keep_out_of_order(connection)
            if falls <= 1:  # the first row has none before it
                return rows, amount or Decimal(0), ""
            if falls <= _FEW and self._no_other_is_old(connection):
                return rows, amount or Decimal(0), "out_of_order"
        distinct = connection.execute(
            f"SELECT count(DISTINCT hash({self._keys()})) FROM landed").fetchone()[0]
        return rows, amount or Decimal(0), "landed" if distinct < rows else ""

    def _keep_out_of_order(self, connection) -> int:
        """Keep the rows not above the one before, one more than a few at most; how many."""
        key = self._keys()
        connection.execute(f"""
            CREATE TABLE out_of_order AS
            SELECT _place, {key}, _before, _after
            FROM (SELECT _place, {key}, lag({key}) OVER () AS _before,
                         lead({key}) OVER () AS _after, {self._falls()} AS _falls FROM landed)
            WHERE _falls LIMIT {_FEW + 1}""")
        return connection.execute("SELECT count(*) FROM out_of_order").fetchone()[0]

    def _no_other_is_old(self, connection) -> bool:
        """Whether no key but those kept may have been there before.

        A row that is kept starts a run of rising keys. When the second of its run is above all that
        came before, so are those after it.
        """
        return not connection.execute("""
            SELECT count(*) FROM (
                SELECT _after, max(_before) OVER (ORDER BY _place) AS _highest,
                       coalesce(lead(_place) OVER (ORDER BY _place) = _place + 1, false) AS _alone
                FROM out_of_order)
            WHERE NOT _alone AND _after <= _highest""").fetchone()[0]

    def _falls(self) -> str:
        """SQL: the key is not above the one before it, in a query that keeps the order of rows."""
        return f"({self._keys()} > lag({self._keys()}) OVER ()) IS NOT TRUE"

    def _keys(self) -> str:
        return ", ".join(quote(name) for name in self.contract.keys)

    def _malformed_key(self, prefix: str, alias: str = "") -> str:
        """SQL: a part of the key has not the form that its column wants."""
        forms = []
        for name in self.contract.keys:
            if patterns := self._patterns(self.contract.by_name[name]):
                source = f"{alias}{'.' if alias else ''}{quote(prefix + name)}"
                forms.append(f"NOT coalesce({has_form(source, '|'.join(patterns))}, true)")
        return " OR ".join(forms) or "false"

    def _patterns(self, column: Column) -> list[str]:
        """Forms that an identifier in this column may have; none where it is free."""
        own = [column.pattern or ""]
        referred = [load_contracts()[ref.extract].by_name[ref.column].pattern or ""
                    for ref in column.references]
        found = [form.removeprefix("^").removesuffix("$") for form in referred or own]
        return found if all(found) else []

    def _mark_duplicates(self, connection, suspects: str) -> None:
        """None of the rows with one key is trusted (F2); a row broken before keeps its rule.

        `suspects` names a relation with at least the keys that are there twice.
        """
        number = len(self.rules) + 1
        self.rules.append(rules.Rule("duplicate_key", self.contract.keys[0],
                                     "more than one row of the file has this key", "", True))
        keys = self._keys()
        filled = " AND ".join(f"{quote(name)} IS NOT NULL" for name in self.contract.keys)
        same = " AND ".join(f"landed.{quote(k)} = twice.{quote(k)}" for k in self.contract.keys)
        suspected = "" if suspects == "landed" else f"SEMI JOIN {suspects} USING ({keys})"
        amount = "landed.amount" if self.contract.has_amount else "0"
        key = key_text(self.contract.keys, "landed")
        connection.execute(f"""
            CREATE TABLE repeated AS
            SELECT landed._place, {shown_key(key, self._malformed_key('', 'landed'))} AS _key,
                   {amount} AS amount
            FROM landed JOIN (SELECT {keys} FROM landed {suspected} WHERE {filled}
                              GROUP BY {keys} HAVING count(*) > 1) AS twice ON {same}""")
        connection.execute(f"""
            UPDATE broken SET _code = {number}, _shown = '', _key = repeated._key FROM repeated
            WHERE broken._place = repeated._place
            AND (broken._code = 0 OR broken._code > {self.own_rules})""")
        connection.execute(f"""
            INSERT INTO broken SELECT _place, {number}, _key, '', NULL, amount
            FROM repeated ANTI JOIN broken USING (_place)""")

    def _commonest(self, connection) -> str:
        number, line, count = connection.execute(
            "SELECT _code, min(_place) + 2, count(*) AS n FROM broken WHERE _code <> 0 "
            "GROUP BY _code ORDER BY n DESC, _code LIMIT 1").fetchone()
        rule = self.rules[number - 1]
        return f"{count} times {rule.column} {rule.says} ({rule.rule}), first on line {line}"

    def _check_total(self, connection, total: Decimal) -> None:
        """An amount that is no number counts as 0; one written wrongly, with its number or as 0.

        Senders differ there, and such a row is quarantined anyway.
        """
        found = connection.execute("SELECT _odd_amount, amount FROM broken "
                                   "WHERE _odd_amount IS NOT NULL").fetchall()
        total -= sum(amount or 0 for _, amount in found)
        odd = sum(_number(written) for written, _ in found)
        if self.entry.control_total not in (total, total + odd):
            raise self.refuse(f"the sum of amount is {total}, the control total in the manifest "
                              f"{self.entry.control_total}")

    def _write(self, connection, rows: int, broken: int) -> None:
        in_order = rows > _MANY and self._comes_in_order(connection)
        order = "" if in_order else f"ORDER BY {self._order()}"
        columns = ", ".join(quote(name) for name, _ in self.contract.stored)
        kept = ("ANTI JOIN (SELECT _place FROM broken WHERE _code <> 0) AS refused USING (_place)"
                if broken else "")
        target = self.target / f"{self.contract.name}.parquet"
        # What all rows share is written as the one value of a list: as text each row is looked at.
        delivery = text(self.delivery.delivery_id)
        operation = "'U'"
        if self.delivery.mode == "delta":
            operation = "CASE WHEN _deleted THEN 'D' ELSE 'U' END"
        connection.execute(f"""
            COPY (SELECT {columns}, CAST({operation} AS ENUM ('U', 'D')) AS _op,
                         _place + 2 AS _line_number,
                         CAST({delivery} AS ENUM ({delivery})) AS _delivery_id,
                         {day(self.delivery.business_date)} AS _business_date
                  FROM landed {kept} {order}
            ) TO {text(target)} ({PARQUET})""")
        if broken:
            told = ", ".join(
                f"({number}, {text(rule.rule)}, {text(rule.column)}, {text(rule.says)})"
                for number, rule in enumerate(self.rules, 1))
            target = self.target / f"quarantine-{self.contract.name}.parquet"
            connection.execute(f"""
                COPY (SELECT {text(self.delivery.delivery_id)} AS delivery_id,
                             {text(self.contract.name)} AS extract,
                             broken._place + 2 AS line_number,
                             _key AS "key", rule, column_name,
                             column_name || CASE rule WHEN 'duplicate_key' THEN ': '
                             ELSE ' ' || _shown END || says || '; {REMEDY}' AS reason
                      FROM broken JOIN (VALUES {told}) AS told(number, rule, column_name, says)
                      ON number = _code ORDER BY broken._place) TO {text(target)} ({PARQUET})""")

    def _comes_in_order(self, connection) -> bool:
        """Whether the file lies in the order of its accounts but for some rows, as systems write
        theirs: every thousandth row tells. Such a file is stored as it came, for sorting 50 million
        rows takes longer than writing them. The order is for speed alone: nothing rests on it.
        """
        column = quote(self._account() or self.contract.keys[0])
        looked_at, falls = connection.execute(f"""
            SELECT count(*), count(*) FILTER (WHERE _falls)
            FROM (SELECT {column} < lag({column}) OVER (ORDER BY _place) AS _falls FROM landed
                  WHERE _place % 1000 = 0 AND {column} IS NOT NULL)""").fetchone()
        return falls * 100 <= looked_at

    def _account(self) -> str | None:
        return next((name for name in _ACCOUNTS if name in self.contract.by_name), None)

    def _order(self) -> str:
        """Account first. One number (letter, digits, place in the file) sorts twice as fast."""
        name = self._account()
        if name is None:
            return self._keys() + ", _place"
        column = self.contract.by_name[name]
        patterns = self._patterns(column)
        if not (patterns and all(_NUMBERED.fullmatch(pattern) for pattern in patterns)):
            return f"{quote(name)}, _place"
        return (f"(CAST(ascii({quote(name)}) AS UBIGINT) << 57) | (coalesce(try_cast("
                f"substr({quote(name)}, 2) AS UINTEGER), 0)::UBIGINT % 134217728 << 30) "
                "| (_place % 1073741824)::UBIGINT")


def _safe(name: str) -> str:
    return name[:40] if re.fullmatch("[A-Za-z_ ]{1,40}", name) else "(not a name)"


def _number(value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return Decimal(0)
    return number if number.is_finite() else Decimal(0)

"""Judgement: what a delivery's rows are worth after the deliveries that come before it.

Here belongs what looks beyond one file: references (F4, F6), cancellations that point to a charge
(A12), rows kept in force (F4), the limit on rejected rows (F1). It reads the raw history only,
never the landing folder, so that a delivery can be judged anew when another one slips in before.
Rules of one row alone belong to `verify.py`.

Order: upserts against the state before the deletes, parents first; then deletes, children first.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import in_force, pseudonym
from ingest.contract import Column, Contract, Reference, parents_first
from ingest.engine import PARQUET, connect, key_text, quote, text
from ingest.errors import DeliveryRefused
from ingest.in_force import Member
from ingest.limit import past_limit, too_many
from ingest.masking import HIDDEN, hidden, shown_key
from ingest.verify import QUARANTINE, REMEDY

# SQL of the rows of an extract that are to be looked at for one of its columns.
Rows = Callable[[Contract, Column], str]
_NUMBERED = re.compile(r"\^[A-Z]\[0-9\]\{([1-9]|1[0-2])\}\$")


@dataclass(frozen=True)
class FormCount:
    """What the form step counted for one file of the delivery."""

    file: str
    rows: int
    rejected: int


@dataclass(frozen=True)
class Outcome:
    """Rows rejected and rows kept in force by a judgement, by extract (only those with any)."""

    rejected: dict[str, int]
    kept: dict[str, int]


def judge(contracts: Mapping[str, Contract], chain: Sequence[Member], member: Member,
          counts: Mapping[str, FormCount], target: Path, spill: Path, key: bytes) -> Outcome:
    """Judge `member` after `chain`; write `quarantine.parquet` and `kept/` into `target`, and for a
    delta `replaced.parquet`, the lines of the full delivery before it that it replaces, and
    `touched.parquet`, the keys that it brings, as the quarantine tells keys.

    `member.folder` holds the form step's files; `key` signs keys that are hidden (masking.py).
    Errors: DeliveryRefused past the limit (F1).
    """
    connection = connect(spill)
    pseudonym.install(connection, key)
    try:
        judgement = _Judgement(contracts, chain, member, counts, connection)
        judgement.upserts()
        if member.mode == "delta":
            judgement.deletes()
        judgement.check_limit()
        return judgement.write(target)
    finally:
        connection.close()


class _Judgement:
    def __init__(self, contracts, chain, member, counts, connection):
        self.contracts, self.chain, self.member = contracts, chain, member
        self.counts, self.connection = counts, connection
        self.full = member.mode == "full"
        self.rejected: dict[str, int] = {}
        self.referred: set[str] = set()
        columns = ", ".join(f"{quote(name)} {kind}" for name, kind in QUARANTINE)
        connection.execute(f"CREATE TEMP TABLE rejected ({columns})")

    # -- relations, as SQL -----------------------------------------------------------------------

    def delivered(self, name: str, operation: str) -> str:
        """Rows of this delivery that are accepted so far."""
        if name not in self.member.extracts:
            return in_force.nothing(self.contracts[name])
        rows = f"SELECT * FROM {self._file(name)} AS delivered WHERE _op = '{operation}'"
        if self.rejected.get(name):
            rows = (f"SELECT delivered.* FROM ({rows}) AS delivered ANTI JOIN (SELECT line_number "
                    f"FROM rejected WHERE extract = {text(name)}) AS refused "
                    "ON delivered._line_number = refused.line_number")
        return rows

    def _file(self, name: str) -> str:
        return in_force.parquet([self.member.folder / f"{name}.parquet"])

    def before(self, name: str, among: str = "") -> str:
        return in_force.rows_in_force(self.contracts[name], self.chain, among)

    def kept(self, name: str) -> str | None:
        """Rows in force before whose new version this full delivery brings, but rejected (F4)."""
        form = name in self.counts and self.counts[name].rejected
        if not self.full or not self.chain or not (form or self.rejected.get(name)):
            return None
        keys = f"SELECT \"key\" FROM rejected WHERE extract = {text(name)}"
        if form:
            file = in_force.parquet([self.member.folder / "quarantine.parquet"])
            keys += f" UNION ALL SELECT \"key\" FROM {file} WHERE extract = {text(name)}"
        own = self._as_told(key_text(self.contracts[name].keys, "earlier"), keys)
        return (f"SELECT * FROM ({self.before(name)}) AS earlier SEMI JOIN ({keys}) AS refused "
                f"ON {own} = refused.\"key\"")

    def _as_told(self, key: str, keys: str) -> str:
        """SQL of a key as the told `keys` have it; where none is hidden, nothing is looked at."""
        some = self._any(f"({keys}) AS told WHERE contains(told.\"key\", {text(HIDDEN)})")
        return shown_key(key) if some else key

    def after(self, name: str) -> str:
        """Rows in force after this delivery, its deletes not applied: stored columns and stamps."""
        contract = self.contracts[name]
        columns = ", ".join(quote(column) for column, _ in contract.stored)
        if self.full:
            new = f"SELECT {columns} FROM ({self.delivered(name, 'U')})"
            kept = self.kept(name)
            return new + (f" UNION ALL SELECT {columns} FROM ({kept})" if kept else "")
        return self._with_upserts(name, self.before(name))

    def _with_upserts(self, name: str, rows: str, names: Sequence[str] = ()) -> str:
        """Rows in force before a delta, and what it brings in their place: the columns `names`."""
        contract = self.contracts[name]
        columns = ", ".join(quote(column) for column in names or dict(contract.stored))
        if name not in self.member.extracts:
            return f"SELECT {columns} FROM ({rows})"
        new = f"SELECT {columns} FROM ({self.delivered(name, 'U')})"
        keys = ", ".join(quote(key) for key in contract.keys)
        return (f"SELECT {columns} FROM ({rows}) AS earlier "
                f"ANTI JOIN ({new}) AS newer USING ({keys}) UNION ALL {new}")

    def replaced(self) -> str:
        """Lines of the full delivery before that this delta replaces or deletes."""
        found = []
        for name in sorted(self.member.extracts):
            contract = self.contracts[name]
            brought = " UNION ALL ".join(self.delivered(name, operation) for operation in "UD")
            found.append(in_force.replaced_lines(contract, self.chain, brought))
        return " UNION ALL ".join(found) or _nothing(in_force.REPLACED_COLUMNS)

    def touched(self) -> str:
        """Keys that this delta brings, accepted: their rows in quarantine are not open (F5)."""
        brought = f"{text(self.member.delivery_id)} AS delivery_id"
        found = [f"SELECT {brought}, {text(name)} AS extract, "
                 f"{shown_key(key_text(self.contracts[name].keys))} AS \"key\" "
                 f"FROM ({self.delivered(name, operation)})"
                 for name in sorted(self.member.extracts) for operation in "UD"]
        return " UNION ALL ".join(found) or _nothing(in_force.TOUCHED_COLUMNS)

    # -- upserts ---------------------------------------------------------------------------------

    def upserts(self) -> None:
        for contract in parents_first(self.contracts):
            if contract.name not in self.member.extracts:
                continue
            columns = [column for column in contract.columns if column.references]
            own = [column for column in columns
                   if any(ref.extract == contract.name for ref in column.references)]
            # A row refused here may be what another row of the same extract refers to; only
            # those that name a refused one are looked at again.
            found = self._references_of(contract, columns, self._delivered_upserts)
            while found and own:
                found = self._references_of(contract, own, self._naming_refused)
            found = self._targets_of(contract, columns, self._delivered_upserts)
            while found and own:
                found = (self._references_of(contract, own, self._naming_refused)
                         + self._targets_of(contract, own, self._naming_refused))
            self._prefer_domain(contract)

    def _delivered_upserts(self, contract: Contract, column: Column) -> str:
        return self.delivered(contract.name, "U")

    def _naming_refused(self, contract: Contract, column: Column) -> str:
        keys = f"SELECT \"key\" FROM rejected WHERE extract = {text(contract.name)}"
        named = self._as_told(f"anew.{quote(column.name)}", keys)
        return (f"SELECT anew.* FROM ({self.delivered(contract.name, 'U')}) AS anew SEMI JOIN "
                f"({keys}) AS refused ON {named} = refused.\"key\"")

    def _prefer_domain(self, contract: Contract) -> None:
        """A row that breaks both rules is told the first (F3), now that all refused are known."""
        name = text(contract.name)
        both = (f"SELECT line_number FROM rejected WHERE extract = {name} AND rule = ")
        rows = (f"SELECT * FROM {self._file(contract.name)} WHERE _op = 'U' "
                f"AND _line_number IN ({both} 'reference')")
        if not self.rejected.get(contract.name):
            return
        if found := self._targets_of(contract, contract.columns, lambda *_: rows):
            self.connection.execute(f"DELETE FROM rejected WHERE extract = {name} AND "
                                    f"rule = 'reference' AND line_number IN ({both} 'domain')")
            self.rejected[contract.name] -= found

    def _targets_of(self, contract: Contract, columns: Sequence[Column], rows_of: Rows) -> int:
        """Refuse rows that do not fit the row they refer to (A12)."""
        found = 0
        for column in columns:
            for check in column.checks:
                if check.scope != "target":
                    continue
                (ref,) = column.references
                # What holds whatever the target is needs no target.
                whatever = re.sub(r"\btarget\.\w+", "NULL", check.predicate)
                rows = (f"SELECT * FROM ({rows_of(contract, column)}) AS this "
                        f"WHERE NOT coalesce({whatever}, false)")
                self._want(column, rows)
                found += self._reject(contract, column, "domain", check.says, f"""
                    FROM ({rows}) AS this JOIN ({self._wanted(column, ref)}) AS target
                    ON target.{quote(ref.column)} = this.{quote(column.name)}
                    WHERE NOT ({check.predicate})""")
        return found

    def _references_of(self, contract: Contract, columns: Sequence[Column], rows_of: Rows) -> int:
        """Refuse rows that refer to nothing (F4, F6)."""
        found = 0
        for column in columns:
            rows = rows_of(contract, column)
            if self._look_for_few(contract, column):
                self._want(column, rows)
                known = " UNION ALL ".join(
                    f"FROM {self._known(contract, column, ref)}" for ref in column.references)
                self.connection.execute(
                    "CREATE OR REPLACE TEMP TABLE missing AS FROM wanted ANTI JOIN "
                    f"({known}) AS known ON wanted.number = known.number")
                if not self._any("missing"):
                    continue
                unknown = f"SEMI JOIN missing ON {self._number(column)} = missing.number"
            else:
                known = " UNION ALL ".join(
                    f"SELECT {quote(ref.column)} AS known FROM ({self.after(ref.extract)})"
                    for ref in column.references)
                unknown = f"ANTI JOIN ({known}) AS parents ON this.{quote(column.name)} = known"
            extracts = " or ".join(ref.extract for ref in column.references)
            found += self._reject(
                contract, column, "reference", f"refers to no accepted row of {extracts}",
                f"FROM ({rows}) AS this {unknown} WHERE this.{quote(column.name)} IS NOT NULL")
        return found

    def _known(self, contract: Contract, column: Column, ref: Reference) -> str:
        """SQL of what may be referred to, as `number`.

        Of a full delivery it is read once for all the extracts that refer to it: an extract is
        judged after its parents, so theirs is final. An extract that refers to itself is not yet.
        A delta takes no key away before its deletes, so what was in force needs no second look.
        """
        number = self._number(column, quote(ref.column))
        if not self.full:
            return (f"(SELECT number FROM {self._referred(column, ref)} UNION ALL "
                    f"SELECT {number} AS number FROM ({self.delivered(ref.extract, 'U')}))")
        rows = f"SELECT {number} AS number FROM ({self.after(ref.extract)})"
        if ref.extract == contract.name:
            return f"({rows})"
        table = quote(f"known_{self._form(column)}_of_{ref.extract}_{ref.column}")
        self.connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} AS {rows}")
        return table

    def _look_for_few(self, contract: Contract, column: Column) -> bool:
        """Whether the rows that refer to something are fewer than what they may refer to."""
        if not self.full:
            return True
        parents = sum(self.counts[ref.extract].rows for ref in column.references
                      if ref.extract in self.counts)
        referring = self.counts[contract.name].rows
        if not column.required:
            referring = self.connection.execute(
                f"SELECT count({quote(column.name)}) FROM {self._file(contract.name)}"
            ).fetchone()[0]
        return referring < parents

    def _want(self, column: Column, rows: str) -> None:
        """Note what these rows refer to. A table, not a part of a query: DuckDB then knows that it
        is small and does not keep the 50 million rows of the other side in memory. Most are named
        once, so sorting out the others costs more than it saves."""
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE wanted AS SELECT {self._number(column)} "
            f"AS number FROM ({rows}) AS this WHERE this.{quote(column.name)} IS NOT NULL")

    def _referred(self, column: Column, ref: Reference) -> str:
        """Name of a table: rows in force before a delta that any row of it refers to (columns
        `_looked_at` and `number`). An extract is searched once for all that refer to it: it may
        hold 50 million, whose texts are compared as they are. Only what is found gets a number.
        """
        form = self._form(column)
        table = f"{form}_of_{ref.extract}_{ref.column}"
        if table not in self.referred:
            self.referred.add(table)
            naming = " UNION ".join(
                f"SELECT {quote(other.name)} AS name FROM {self._file(child)} "
                f"WHERE _op = 'U' AND {quote(other.name)} IS NOT NULL"
                for child in self.member.extracts for other in self.contracts[child].columns
                if ref in other.references and self._form(other) == form)
            self.connection.execute(f"CREATE TEMP TABLE {quote('named_' + table)} AS {naming}")
            columns = ", ".join(quote(name) for name in self._looked_at(ref.extract))
            number = self._number(column, quote(ref.column))
            among = (f"SEMI JOIN {quote('named_' + table)} AS named "
                     f"ON {{}}.{quote(ref.column)} = named.name")
            before = self.before(ref.extract, among.format("base"))
            self.connection.execute(
                f"CREATE TEMP TABLE {quote(table)} AS SELECT {columns}, {number} AS number "
                f"FROM ({before}) AS earlier {among.format('earlier')}")
        return quote(table)

    def _looked_at(self, name: str) -> list[str]:
        """Columns of an extract by which the rows that refer to it are judged."""
        referring = [column for contract in self.contracts.values() for column in contract.columns
                     if any(ref.extract == name for ref in column.references)]
        wanted = set(self.contracts[name].keys)
        for column in referring:
            wanted.update(ref.column for ref in column.references if ref.extract == name)
            for check in column.checks:
                wanted.update(re.findall(r"\btarget\.(\w+)", check.predicate))
        return [column for column, _ in self.contracts[name].stored if column in wanted]

    def _wanted(self, column: Column, ref: Reference) -> str:
        """Rows after this delivery that the rows noted by `_want` refer to."""
        if not self.full:
            return self._with_upserts(ref.extract, f"FROM {self._referred(column, ref)}",
                                      self._looked_at(ref.extract))
        place = self._number(column, f"everything.{quote(ref.column)}")
        return (f"SELECT everything.* FROM ({self.after(ref.extract)}) AS everything "
                f"SEMI JOIN wanted ON {place} = wanted.number")

    def _number(self, column: Column, value: str = "") -> str:
        """SQL of what a column refers to, as one number where its form allows: a letter and digits.

        A number is hashed and kept at a third of the price of a text. The form step has checked it.
        """
        value = value or f"this.{quote(column.name)}"
        if self._form(column) == "texts":
            return value
        return f"((CAST(ascii({value}) AS UBIGINT) << 40) | CAST(substr({value}, 2) AS UBIGINT))"

    def _form(self, column: Column) -> str:
        """How `_number` writes what a column refers to."""
        forms = {self.contracts[ref.extract].by_name[ref.column].pattern
                 for ref in column.references}
        return "numbers" if all(form and _NUMBERED.fullmatch(form) for form in forms) else "texts"

    def _any(self, relation: str) -> bool:
        return bool(self.connection.execute(f"SELECT count(*) FROM {relation}").fetchone()[0])

    # -- deletes ---------------------------------------------------------------------------------

    def deletes(self) -> None:
        for contract in reversed(parents_first(self.contracts)):
            if contract.name not in self.member.extracts or not self._any_delete(contract):
                continue
            children = [(child, column) for child in self.contracts.values()
                        for column in child.columns
                        if any(ref.extract == contract.name for ref in column.references)]
            looks_at_itself = any(child is contract for child, _ in children)
            # A delete refused here leaves a row in force, which may refer to another one.
            while self._deletes_of(contract, children) and looks_at_itself:
                pass

    def _any_delete(self, contract: Contract) -> bool:
        return self._any(f"({self.delivered(contract.name, 'D')})")

    def _deletes_of(self, contract: Contract, children) -> int:
        (key,) = contract.keys if children else (None,)
        found = 0
        for child, column in children:
            found += self._reject(
                contract, contract.by_name[key], "reference",
                f"cannot be deleted: {child.name}.{column.name} still refers to it", f"""
                FROM ({self.delivered(contract.name, 'D')}) AS this
                WHERE this.{quote(key)} IN (SELECT {quote(key)} FROM ({self.before(contract.name)}))
                AND this.{quote(key)} IN (
                    SELECT {quote(column.name)} FROM ({self._remaining(child)})
                    WHERE {quote(column.name)} IN (
                        SELECT {quote(key)} FROM ({self.delivered(contract.name, 'D')})))""")
        return found

    def _remaining(self, contract: Contract) -> str:
        """Rows in force after this delivery, its accepted deletes applied."""
        if contract.name not in self.member.extracts:
            return self.after(contract.name)
        keys = ", ".join(quote(key) for key in contract.keys)
        return (f"SELECT * FROM ({self.after(contract.name)}) AS remaining "
                f"ANTI JOIN ({self.delivered(contract.name, 'D')}) AS gone USING ({keys})")

    # -- result ----------------------------------------------------------------------------------

    def _reject(self, contract: Contract, column: Column, rule: str, says: str, rows: str) -> int:
        name = hidden(f"this.{quote(column.name)}")
        shown = "(value hidden)" if column.personal != "none" else None
        shown = text(shown) if shown else (
            f"'\"' || CASE WHEN length({name}) > 16 THEN left({name}, 12) || '…' "
            f"ELSE {name} END || '\"'")
        found = self.connection.execute(f"""
            INSERT INTO rejected
            SELECT DISTINCT {text(self.member.delivery_id)}, {text(contract.name)},
                   this._line_number, {shown_key(key_text(contract.keys, 'this'))}, {text(rule)},
                   {text(column.name)},
                   {text(column.name + ' ')} || {shown} || {text(f' {says}; {REMEDY}')}
            {rows}""").fetchone()[0]
        if found:
            self.rejected[contract.name] = self.rejected.get(contract.name, 0) + found
        return found

    def check_limit(self) -> None:
        for name, count in self.counts.items():
            rejected = count.rejected + self.rejected.get(name, 0)
            if past_limit(rejected, count.rows):
                raise self._too_many(name, count, rejected)

    def _too_many(self, name: str, count: FormCount, rejected: int) -> DeliveryRefused:
        if not self.rejected.get(name):
            return too_many(self.member.delivery_id, count.file, rejected, count.rows,
                            "rules that look at the file alone")
        column, rule, line, times = self.connection.execute(
            "SELECT column_name, rule, min(line_number), count(*) AS n FROM rejected "
            "WHERE extract = $1 GROUP BY ALL ORDER BY n DESC, column_name LIMIT 1",
            [name]).fetchone()
        return too_many(self.member.delivery_id, count.file, rejected, count.rows,
                        f"{times} times {column} ({rule}), first on line {line}")

    def write(self, target: Path) -> Outcome:
        kept = {}
        (target / "kept").mkdir(parents=True, exist_ok=True)
        for name in self.contracts:
            if rows := self.kept(name):
                file = target / "kept" / f"{name}.parquet"
                count = self.connection.execute(
                    f"COPY ({rows}) TO {text(file)} ({PARQUET})").fetchone()[0]
                if count:
                    kept[name] = count
                else:
                    file.unlink()
        self.connection.execute(
            "COPY (FROM rejected ORDER BY extract, line_number) TO "
            f"{text(target / 'quarantine.parquet')} ({PARQUET})")
        if not self.full:
            self.connection.execute(
                f"COPY (FROM ({self.replaced()}) ORDER BY extract, line_number) TO "
                f"{text(target / in_force.REPLACED)} ({PARQUET})")
            self.connection.execute(
                f"COPY (FROM ({self.touched()}) ORDER BY ALL) TO "
                f"{text(target / in_force.TOUCHED)} ({PARQUET})")
        return Outcome(dict(self.rejected), kept)


def _nothing(columns: Sequence[tuple[str, str]]) -> str:
    """SQL of no rows: what a delta without a change replaces and touches."""
    fields = ", ".join(f"CAST(NULL AS {kind}) AS {quote(name)}" for name, kind in columns)
    return f"SELECT {fields} WHERE false"

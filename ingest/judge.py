"""Judgement: what a delivery's rows are worth after the deliveries that come before it.

Here belongs what looks beyond one file: references (F4, F6), cancellations that point to a charge
(A12), rows kept in force (F4), the limit on rejected rows (F1). It reads the raw history only,
never the landing folder, so that a delivery can be judged anew when another one slips in before.
Rules of one row alone belong to `rules.py`, which rows are in force to `in_force.py`.

Order: upserts against the state before the deletes, parents first; then deletes, children first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import in_force, pseudonym, quarantine
from ingest.contract import Check, Column, Contract, parents, parents_first
from ingest.engine import connect, key_text, no_rows, quote, text
from ingest.errors import DeliveryRefused
from ingest.in_force import Member
from ingest.limit import past_limit, too_many
from ingest.masking import shown_key
from ingest.texts import Said, said
from storage.parquet import parquet, parquet_form


@dataclass(frozen=True)
class FormCount:
    """What the form step counted for one file of the delivery."""

    file: str
    rows: int
    rejected: int


@dataclass(frozen=True)
class Outcome:
    """Rows rejected and rows kept in force by a judgement, by extract (only those with any);
    `refused`: the files past the limit on rejected rows (F1).
    """

    rejected: dict[str, int]
    kept: dict[str, int]
    refused: tuple[DeliveryRefused, ...] = ()


def judge(contracts: Mapping[str, Contract], chain: Sequence[Member], member: Member,
          counts: Mapping[str, FormCount], target: Path, spill: Path, key: bytes,
          deletes: bool = True) -> Outcome:
    """Judge `member` after `chain`; write `quarantine.parquet` and `kept/` into `target`, and for a
    delta `replaced.parquet`, the lines of the full delivery before it that it replaces, and
    `touched.parquet`, the keys that it brings, as the quarantine tells keys.

    `member.folder` holds the form step's files; `key` signs keys that are hidden (masking.py). A
    delivery past the limit is judged wholly all the same: the outcome says so (F1). Without
    `deletes` these are not judged: what still refers to a key is not known.
    """
    connection = connect(spill)
    pseudonym.install(connection, key)
    try:
        judgement = _Judgement(contracts, chain, member, counts, connection)
        judgement.upserts()
        if member.mode == "delta" and deletes:
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
        self.refused: list[DeliveryRefused] = []
        self.sought: dict[str, int] = {}
        columns = ", ".join(f"{quote(name)} {kind}" for name, kind in quarantine.COLUMNS)
        connection.execute(f"CREATE TEMP TABLE rejected ({columns})")

    # -- relations, as SQL -----------------------------------------------------------------------

    def delivered(self, name: str, operation: str) -> str:
        """Rows of this delivery that are accepted so far."""
        if name not in self.member.extracts:
            return in_force.nothing(self.contracts[name])
        return (f"SELECT * FROM {self._file(name)} AS delivered ANTI JOIN (SELECT line_number "
                f"FROM rejected WHERE extract = {text(name)}) AS refused "
                f"ON delivered._line_number = refused.line_number WHERE _op = '{operation}'")

    def brought(self, name: str) -> str:
        """Accepted rows of a delta, upserts and deletes."""
        return f"{self.delivered(name, 'U')} UNION ALL {self.delivered(name, 'D')}"

    def _file(self, name: str) -> str:
        return parquet([self.member.folder / f"{name}.parquet"])

    def before(self, name: str) -> str:
        return in_force.rows_in_force(self.contracts[name], self.chain)

    def kept(self, name: str) -> str:
        """Rows in force before whose new version this full delivery brings, but rejected (F4)."""
        form = parquet([self.member.folder / "quarantine.parquet"])
        refused = " UNION ALL ".join(f"SELECT \"key\" FROM {rejected} WHERE extract = {text(name)}"
                                     for rejected in (form, "rejected"))
        told = shown_key(key_text(self.contracts[name].keys, "earlier"))
        return (f"SELECT * FROM ({self.before(name)}) AS earlier "
                f"SEMI JOIN ({refused}) AS refused ON {told} = refused.\"key\"")

    def named(self, name: str) -> str:
        """Rows in force before that rows of this delta refer to, and that it does not bring anew.
        """
        (key,) = self.contracts[name].keys
        naming = " UNION ALL ".join(
            f"SELECT {quote(column.name)} AS name FROM {self._file(child)}"
            for child in self.member.extracts for column in self.contracts[child].columns
            if _refers(column, name))
        return (f"SELECT * FROM ({self.before(name)}) AS earlier "
                f"SEMI JOIN ({naming}) AS naming ON earlier.{quote(key)} = naming.name "
                f"ANTI JOIN ({self.delivered(name, 'U')}) AS newer USING ({quote(key)})")

    def after(self, name: str) -> str:
        """What rows of this delivery may refer to after it, no delete applied: the columns by which
        they are judged. Earlier rows are sought once for all that refer to them, and again when
        more rows of the extract are refused.
        """
        columns = ", ".join(quote(column) for column in _judged_by(self.contracts, name))
        earlier, refused = quote(f"earlier_{name}"), self.rejected.get(name, 0)
        if self.sought.get(name) != refused:
            rows = self.kept(name) if self.full else self.named(name)
            self.connection.execute(
                f"CREATE OR REPLACE TEMP TABLE {earlier} AS SELECT {columns} FROM ({rows})")
            self.sought[name] = refused
        return f"FROM {earlier} UNION ALL SELECT {columns} FROM ({self.delivered(name, 'U')})"

    def remaining(self, name: str) -> str:
        """Rows in force after this delta, its deletes accepted so far applied."""
        contract = self.contracts[name]
        columns = ", ".join(quote(column) for column, _ in contract.stored)
        keys = ", ".join(quote(key) for key in contract.keys)
        return (f"SELECT {columns} FROM ({self.before(name)}) ANTI JOIN ({self.brought(name)}) "
                f"AS brought USING ({keys}) "
                f"UNION ALL SELECT {columns} FROM ({self.delivered(name, 'U')})")

    # -- upserts ---------------------------------------------------------------------------------

    def upserts(self) -> None:
        for contract in parents_first(self.contracts):
            if contract.name not in self.member.extracts:
                continue
            # A row refused here may be what another row of the same extract refers to.
            own = [column for column in contract.columns if _refers(column, contract.name)]
            found = self._check_references(contract, contract.columns)
            while found and own:
                found = self._check_references(contract, own)
            while self._check_targets(contract) and own:
                while self._check_references(contract, own):
                    pass
            self._prefer_domain(contract)

    def _check_references(self, contract: Contract, columns: Sequence[Column]) -> int:
        """Refuse rows that refer to nothing in one of these columns (F4, F6); how many."""
        found = 0
        for column in columns:
            if not column.references:
                continue
            known = " UNION ALL ".join(f"SELECT {quote(ref.column)} AS known "
                                       f"FROM ({self.after(ref.extract)})"
                                       for ref in column.references)
            found += self._reject(
                contract, column, "reference", _no_parent(self.contracts, column), f"""
                FROM ({self.delivered(contract.name, 'U')}) AS this
                ANTI JOIN ({known}) AS parents ON this.{quote(column.name)} = known
                WHERE this.{quote(column.name)} IS NOT NULL""")
        return found

    def _check_targets(self, contract: Contract, rows: str = "") -> int:
        """Refuse rows that do not fit the row they refer to (A12); how many."""
        rows = rows or self.delivered(contract.name, "U")
        found = 0
        for column, check in _target_checks(contract):
            (ref,) = column.references
            found += self._reject(contract, column, "domain", check.says, f"""
                FROM ({rows}) AS this JOIN ({self.after(ref.extract)}) AS target
                ON target.{quote(ref.column)} = this.{quote(column.name)}
                WHERE NOT ({check.predicate})""")
        return found

    def _prefer_domain(self, contract: Contract) -> None:
        """A row that breaks both rules is told the first (F3), now that all refused are known."""
        if not self.rejected.get(contract.name):
            return
        refused = f"FROM rejected WHERE extract = {text(contract.name)} AND rule = 'reference'"
        both = self._check_targets(contract, f"SELECT * FROM {self._file(contract.name)} "
                                   f"WHERE _line_number IN (SELECT line_number {refused})")
        self.connection.execute(f"""
            DELETE {refused} AND line_number IN (SELECT line_number FROM rejected
                WHERE extract = {text(contract.name)} AND rule = 'domain')""")
        self.rejected[contract.name] -= both

    # -- deletes ---------------------------------------------------------------------------------

    def deletes(self) -> None:
        for contract in reversed(parents_first(self.contracts)):
            deletes = f"SELECT count(*) FROM ({self.delivered(contract.name, 'D')})"
            if self.connection.execute(deletes).fetchone()[0]:
                # A delete refused here leaves a row in force, which may refer to another one.
                while self._check_deletes(contract) and contract.name in parents(contract):
                    pass

    def _check_deletes(self, contract: Contract) -> int:
        """Refuse deletes of keys that a row still refers to (F6); how many."""
        found = 0
        for child in self.contracts.values():
            for column in child.columns:
                if not _refers(column, contract.name):
                    continue
                (key,) = contract.keys
                found += self._reject(
                    contract, contract.by_name[key], "reference",
                    _still_referred(child, column), f"""
                    FROM ({self.delivered(contract.name, 'D')}) AS this
                    WHERE this.{quote(key)} IN (
                        SELECT {quote(key)} FROM ({self.before(contract.name)}))
                    AND this.{quote(key)} IN (
                        SELECT {quote(column.name)} FROM ({self.remaining(child.name)}))""")
        return found

    # -- result ----------------------------------------------------------------------------------

    def _reject(self, contract: Contract, column: Column, rule: str, says: Said, rows: str) -> int:
        """Note that these rows (SQL from `FROM` on, `this` is the row) break a rule; how many."""
        shown = quarantine.told_value(column, f"this.{quote(column.name)}")
        found = self.connection.execute(f"""
            INSERT INTO rejected
            SELECT DISTINCT {text(self.member.delivery_id)}, {text(contract.name)},
                   this._line_number, {shown_key(key_text(contract.keys, 'this'))}, {text(rule)},
                   {text(column.name)},
                   {text(column.name + ' ')} || {shown} || {text(' ' + quarantine.reason_end(says))}
            {rows}""").fetchone()[0]
        if found:
            self.rejected[contract.name] = self.rejected.get(contract.name, 0) + found
        return found

    def check_limit(self) -> None:
        """Keep which files are past the limit on rejected rows (F1)."""
        for name, count in self.counts.items():
            rejected = count.rejected + self.rejected.get(name, 0)
            if past_limit(rejected, count.rows):
                self.refused.append(self._too_many(name, count, rejected))

    def _too_many(self, name: str, count: FormCount, rejected: int) -> DeliveryRefused:
        detail = said("limit.form")
        if self.rejected.get(name):
            column, rule, line, times = self.connection.execute(
                "SELECT column_name, rule, min(line_number), count(*) AS n FROM rejected "
                "WHERE extract = $1 GROUP BY ALL ORDER BY n DESC, column_name LIMIT 1",
                [name]).fetchone()
            detail = said("limit.column", times=times, column=column, rule=rule, line=line)
        return too_many(self.member.delivery_id, count.file, rejected, count.rows, detail)

    def write(self, target: Path) -> Outcome:
        self._write("FROM rejected ORDER BY extract, line_number", target / "quarantine.parquet")
        (target / "kept").mkdir(parents=True, exist_ok=True)
        kept = {}
        if self.full:
            for name in self.contracts:
                file = target / "kept" / f"{name}.parquet"
                if count := self._write(self.kept(name), file):
                    kept[name] = count
                else:
                    file.unlink()
        else:
            self._write(f"FROM ({self._replaced()}) ORDER BY ALL", target / in_force.REPLACED)
            self._write(f"FROM ({self._touched()}) ORDER BY ALL", target / in_force.TOUCHED)
        return Outcome(dict(self.rejected), kept, tuple(self.refused))

    def _write(self, rows: str, file: Path) -> int:
        copy = f"COPY ({rows}) TO {text(file)} ({parquet_form()})"
        return self.connection.execute(copy).fetchone()[0]

    def _replaced(self) -> str:
        """Lines of the full delivery before that this delta replaces or deletes."""
        return " UNION ALL ".join(
            [no_rows(in_force.REPLACED_COLUMNS)]
            + [in_force.replaced_lines(self.contracts[name], self.chain, self.brought(name))
               for name in self.member.extracts])

    def _touched(self) -> str:
        """Keys that this delta brings, accepted: their rows in quarantine are not open (F5)."""
        return " UNION ALL ".join(
            [no_rows(in_force.TOUCHED_COLUMNS)]
            + [f"SELECT {text(self.member.delivery_id)}, {text(name)}, "
               f"{shown_key(key_text(self.contracts[name].keys))} FROM ({self.brought(name)})"
               for name in self.member.extracts])


def all_says(contracts: Mapping[str, Contract]) -> list[tuple[str, str, str, Said]]:
    """Every sentence that a judgement can say of a row: extract, rule, column, sentence."""
    found = []
    for contract in contracts.values():
        for column in contract.columns:
            if column.references:
                found.append((contract.name, "reference", column.name,
                              _no_parent(contracts, column)))
            found += [(ref.extract, "reference", contracts[ref.extract].keys[0],
                       _still_referred(contract, column)) for ref in column.references]
        found += [(contract.name, "domain", column.name, check.says)
                  for column, check in _target_checks(contract)]
    return found


def _no_parent(contracts: Mapping[str, Contract], column: Column) -> Said:
    extracts = tuple(contracts[ref.extract].said for ref in column.references)
    return said("row.reference", extracts=extracts)


def _still_referred(child: Contract, column: Column) -> Said:
    return said("row.still_referred", referring=f"{child.name}.{column.name}")


def _refers(column: Column, name: str) -> bool:
    return any(ref.extract == name for ref in column.references)


def _target_checks(contract: Contract) -> list[tuple[Column, Check]]:
    return [(column, check) for column in contract.columns for check in column.checks
            if check.scope == "target"]


def _judged_by(contracts: Mapping[str, Contract], name: str) -> list[str]:
    """Columns of an extract by which the rows that refer to it are judged: key, check of target."""
    named = set(contracts[name].keys)
    for contract in contracts.values():
        for column, check in _target_checks(contract):
            if _refers(column, name):
                named.update(re.findall(r"\btarget\.(\w+)", check.predicate))
    return sorted(named)

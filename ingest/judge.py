"""Judgement: what a delivery's rows are worth after the deliveries that come before it.

Here belongs what looks beyond one file: references (F4, F6), cancellations that point to a charge
(A12), rows kept in force (F4), the limit on rejected rows (F1). It reads the raw history only,
never the landing folder, so that a delivery can be judged anew when another one slips in before.
Rules of one row alone belong to `verify.py`.

Order: upserts against the state before the deletes, parents first; then deletes, children first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import in_force
from ingest.contract import Column, Contract, Reference, parents_first
from ingest.engine import PARQUET, connect, key_text, quote, text
from ingest.errors import DeliveryRefused
from ingest.in_force import Member
from ingest.verify import QUARANTINE, REMEDY, past_limit, too_many


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
          counts: Mapping[str, FormCount], target: Path, spill: Path) -> Outcome:
    """Judge `member` after `chain`; write `quarantine.parquet` and `kept/` into `target`.

    `member.folder` holds the form step's files. Errors: DeliveryRefused past the limit (F1).
    """
    connection = connect(spill)
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
        columns = ", ".join(f"{quote(name)} {kind}" for name, kind in QUARANTINE)
        connection.execute(f"CREATE TEMP TABLE rejected ({columns})")

    # -- relations, as SQL -----------------------------------------------------------------------

    def delivered(self, name: str, operation: str) -> str:
        """Rows of this delivery that are accepted so far."""
        if name not in self.member.extracts:
            return in_force.nothing(self.contracts[name])
        rows = f"SELECT * FROM {self._file(name)} AS delivered WHERE _op = '{operation}'"
        if self.rejected.get(name):
            rows += (" AND NOT EXISTS (FROM rejected WHERE rejected.line_number = "
                     f"delivered._line_number AND rejected.extract = {text(name)})")
        return rows

    def _file(self, name: str) -> str:
        return in_force.parquet([self.member.folder / f"{name}.parquet"])

    def before(self, name: str) -> str:
        return in_force.rows_in_force(self.contracts[name], self.chain)

    def kept(self, name: str) -> str | None:
        """Rows in force before whose new version this full delivery brings, but rejected (F4)."""
        form = name in self.counts and self.counts[name].rejected
        if not self.full or not self.chain or not (form or self.rejected.get(name)):
            return None
        keys = f"SELECT \"key\" FROM rejected WHERE extract = {text(name)}"
        if form:
            file = in_force.parquet([self.member.folder / "quarantine.parquet"])
            keys += f" UNION ALL SELECT \"key\" FROM {file} WHERE extract = {text(name)}"
        return (f"SELECT * FROM ({self.before(name)}) AS earlier SEMI JOIN ({keys}) AS refused "
                f"ON {key_text(self.contracts[name].keys, 'earlier')} = refused.\"key\"")

    def after(self, name: str) -> str:
        """Rows in force after this delivery, its deletes not applied: stored columns and stamps."""
        contract = self.contracts[name]
        columns = ", ".join(quote(column) for column, _ in contract.stored)
        new = f"SELECT {columns} FROM ({self.delivered(name, 'U')})"
        if self.full:
            kept = self.kept(name)
            return new + (f" UNION ALL SELECT {columns} FROM ({kept})" if kept else "")
        if name not in self.member.extracts:
            return f"SELECT {columns} FROM ({self.before(name)})"
        keys = ", ".join(quote(key) for key in contract.keys)
        return (f"SELECT {columns} FROM ({self.before(name)}) AS earlier "
                f"ANTI JOIN ({new}) AS newer USING ({keys}) UNION ALL {new}")

    # -- upserts ---------------------------------------------------------------------------------

    def upserts(self) -> None:
        for contract in parents_first(self.contracts):
            if contract.name not in self.member.extracts:
                continue
            looks_at_itself = any(ref.extract == contract.name for column in contract.columns
                                  for ref in column.references)
            # A row refused here may be what another row of the same extract refers to.
            while self._upserts_of(contract) and looks_at_itself:
                pass
            self._prefer_domain(contract)

    def _upserts_of(self, contract: Contract) -> int:
        """Refused rows found in one sweep: first what refers to nothing, then to the wrong row."""
        referring = [column for column in contract.columns if column.references]
        found = sum(self._references_of(contract, column) for column in referring)
        if not found:
            rows = self.delivered(contract.name, "U")
            found = sum(self._targets_of(contract, column, rows) for column in referring)
        return found

    def _prefer_domain(self, contract: Contract) -> None:
        """A row that breaks both rules is told the first (F3), now that all refused are known."""
        name = text(contract.name)
        both = (f"SELECT line_number FROM rejected WHERE extract = {name} AND rule = ")
        rows = (f"SELECT * FROM {self._file(contract.name)} WHERE _op = 'U' "
                f"AND _line_number IN ({both} 'reference')")
        if found := sum(self._targets_of(contract, column, rows) for column in contract.columns):
            self.connection.execute(f"DELETE FROM rejected WHERE extract = {name} AND "
                                    f"rule = 'reference' AND line_number IN ({both} 'domain')")
            self.rejected[contract.name] -= found

    def _targets_of(self, contract: Contract, column: Column, rows: str) -> int:
        """Checks that compare a row with the one it refers to (A12)."""
        found = 0
        for check in column.checks:
            if check.scope == "target":
                (ref,) = column.references
                found += self._reject(contract, column, "domain", check.says, f"""
                    FROM ({rows}) AS this
                    JOIN ({self.after(ref.extract)}) AS target
                    ON target.{quote(ref.column)} = this.{quote(column.name)}
                    WHERE NOT ({check.predicate})""")
        return found

    def _references_of(self, contract: Contract, column: Column) -> int:
        name = quote(column.name)
        rows = self.delivered(contract.name, "U")
        known = " UNION ALL ".join(self._known(ref) for ref in column.references)
        if not self.full:
            # Few rows look for many parents: find the parents they name, not all there are.
            known = (f"SELECT known FROM ({known}) AS everything SEMI JOIN "
                     f"(SELECT DISTINCT {name} AS named FROM ({rows})) AS wanted "
                     "ON everything.known = wanted.named")
        extracts = " or ".join(ref.extract for ref in column.references)
        return self._reject(
            contract, column, "reference", f"refers to no accepted row of {extracts}",
            f"FROM ({rows}) AS this ANTI JOIN ({known}) AS parents "
            f"ON this.{name} = parents.known WHERE this.{name} IS NOT NULL")

    def _known(self, ref: Reference) -> str:
        return f"SELECT {quote(ref.column)} AS known FROM ({self.after(ref.extract)})"

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
        return self.connection.execute(
            f"SELECT count(*) FROM ({self.delivered(contract.name, 'D')})").fetchone()[0] > 0

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
        name = f"this.{quote(column.name)}"
        shown = "(value hidden)" if column.personal != "none" else None
        shown = text(shown) if shown else (
            f"'\"' || CASE WHEN length({name}) > 16 THEN left({name}, 12) || '…' "
            f"ELSE {name} END || '\"'")
        found = self.connection.execute(f"""
            INSERT INTO rejected
            SELECT DISTINCT {text(self.member.delivery_id)}, {text(contract.name)},
                   this._line_number, {key_text(contract.keys, 'this')}, {text(rule)},
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
        return Outcome(dict(self.rejected), kept)

"""The SQL of an extract, made from its mapping and its contract.

Belongs here: which rows a full or a delta asks for, every value as text. Texts and not types: a
database writes any of its values exactly (NUMERIC without bounds, `infinity`, `NaN`), and what they
are worth the door says, not we. Does not belong here: how a database is spoken to.
"""

from dataclasses import dataclass

from ingest.contract import Contract
from ingest.source.declared import Mapping, Rows
from ingest.source.session import Session


@dataclass(frozen=True)
class Marks:
    """Up to where the rows and the tombstones of one extract were read; None: nothing was there."""

    rows: str | None = None
    tombstones: str | None = None


def full(mapping: Mapping, contract: Contract, session: Session) -> str:
    """Every row, columns in the order of the contract."""
    return f"SELECT {_values(mapping.rows, contract, session)} FROM {_from(mapping.rows)}"


def delta(mapping: Mapping, contract: Contract, session: Session, since: Marks) -> str:
    """`_op`, then the columns: rows changed since the marks, and keys deleted since then that are
    not there again.
    """
    rows = mapping.rows
    upserts = (f"SELECT {session.as_text(_text('U'))}, {_values(rows, contract, session)} "
               f"FROM {_from(rows)}{_since(rows, session, since.rows)}")
    if mapping.tombstones is None:
        return upserts
    gone = _keys(mapping.tombstones, contract, session)
    there = _keys(rows, contract, session)
    names = [f"k{place}" for place, _ in enumerate(contract.keys)]
    same = " AND ".join(f"here.{name} = gone.{name}" for name in names)
    place = dict(zip(contract.keys, names, strict=True))
    values = ", ".join(f"gone.{place[column.name]}" if column.key else session.as_text("NULL")
                       for column in contract.columns)
    return (f"{upserts} UNION ALL SELECT {session.as_text(_text('D'))}, {values} FROM "
            f"(SELECT DISTINCT {gone} FROM {_from(mapping.tombstones)}"
            f"{_since(mapping.tombstones, session, since.tombstones)}) gone "
            f"LEFT JOIN (SELECT {there} FROM {_from(rows)}) here ON {same} "
            f"WHERE here.{names[0]} IS NULL")


def marks(mapping: Mapping, session: Session) -> Marks:
    """Up to where this snapshot shows the extract."""
    def of(rows: Rows | None) -> str | None:
        if rows is None or rows.change_column is None:
            return None
        return session.mark(_from(rows), rows.change_column, rows.overlap)
    return Marks(of(mapping.rows), of(mapping.tombstones))


def fault(mapping: Mapping, contract: Contract, session: Session) -> str:
    """Which key of a mapping the database does not take: `columns: amount`, `table`, …"""
    parts = [("", mapping.rows)]
    if mapping.tombstones:
        parts.append(("tombstones: ", mapping.tombstones))
    for before, rows in parts:
        table = _from(rows)
        if session.broken(f"SELECT 1 FROM {table} WHERE 1 = 0"):
            return f"{before}{'table' if rows.table else 'sql'}"
        for name, expression in rows.columns.items():
            if session.broken(f"SELECT {session.as_text(expression)} FROM {table} WHERE 1 = 0"):
                return f"{before}columns: {name}"
        if rows.change_column and session.broken(
                f"SELECT max({session.as_text(rows.change_column)}) FROM {table} WHERE 1 = 0"):
            return f"{before}change_column"
    return "overlap" if mapping.rows.overlap else ""


def _values(rows: Rows, contract: Contract, session: Session) -> str:
    return ", ".join(session.as_text(rows.columns[column.name]) for column in contract.columns)


def _keys(rows: Rows, contract: Contract, session: Session) -> str:
    return ", ".join(f"{session.as_text(rows.columns[key])} AS k{place}"
                     for place, key in enumerate(contract.keys))


def _since(rows: Rows, session: Session, mark: str | None) -> str:
    """Without a mark there were no rows then: all of them have changed."""
    return f" WHERE {session.changed(rows.change_column, mark)}" if mark is not None else ""


def _from(rows: Rows) -> str:
    return rows.table if rows.table else f"({rows.sql}) vigie_rows"


def _text(value: str) -> str:
    return f"'{value}'"


def names(contract: Contract, is_delta: bool) -> list[str]:
    """Names of the columns of these queries, by place."""
    return [*(["_op"] if is_delta else []), *(column.name for column in contract.columns)]

"""Taking persons' identifiers out of the raw history, in every version of every delivery.

The number of each dossier of a person becomes a random one of the same form, the pseudonym a
random one too: rows stay, so that every count and amount stays, and nothing says any more whose
they are. Who has the key sees of a pseudonym that it is such a one (`random_pseudonym`), so that
nobody is forgotten twice; not whose it was. The receipt is written anew, names the trace of the
forgetting, and keeps the digest of what came: a delivery that still lies in landing is known and
not loaded again.

Belongs here: who a person is in the raw history, and rewriting it; how names are exchanged in any
table. Judgements are made anew by the
next load, since their chain is another one (raw.py). Does not belong here: whose time has passed
(expiry.py), releases, the notebook, the trace itself (orchestration/forget).
"""

import secrets
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from ingest import pseudonym
from ingest.contract import PSEUDONYM, Contract, load_contracts
from ingest.durable import INCOMING, flush, hashes, put_in_place, write_json
from ingest.engine import connect, quote, text
from ingest.raw import RawHistory, Receipt, receipt_json
from storage.parquet import parquet, parquet_form

PERSONS, ACCOUNT = "affiliates", "affiliate_id"
QUARANTINE = "quarantine.parquet"
#: The identifiers of a person, as they stand in a text: a dossier, a pseudonym.
_FORM = "A[0-9]{8}|[0-9a-f]{64}"


@dataclass(frozen=True)
class Renaming:
    """Old identifier → random one: dossiers (`A` and eight digits) and pseudonyms."""

    accounts: Mapping[str, str]
    persons: Mapping[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Both."""
        return {**self.accounts, **self.persons}


def renaming(history: RawHistory, given: Sequence[str]) -> Renaming | None:
    """New identifiers for the persons behind these dossiers: all dossiers that any version of any
    delivery gives the same pseudonym. None where no delivery has one of those dossiers.

    Errors: IngestError when the key is missing.
    """
    secret = pseudonym.ensure_key(history.home, may_create=False)
    with connect(None) as connection:
        everyone = everybody(history)
        persons = connection.execute(
            f"SELECT DISTINCT {PSEUDONYM} FROM {everyone} WHERE list_contains($1, {ACCOUNT})",
            [list(given)]).fetchall()
        if not persons:
            return None
        keys = [key for (key,) in persons]
        accounts = connection.execute(
            f"SELECT DISTINCT {ACCOUNT} FROM {everyone} WHERE list_contains($1, {PSEUDONYM})",
            [keys]).fetchall()
        taken = {name for (name,) in
                 connection.execute(f"SELECT DISTINCT {ACCOUNT} FROM {everyone}").fetchall()}
    new: dict[str, str] = {}
    for (name,) in sorted(accounts):
        while (free := f"A{secrets.randbelow(10**8):08d}") in taken:
            continue
        taken.add(free)
        new[name] = free
    return Renaming(new, {key: random_pseudonym(secret) for key in keys})


def random_pseudonym(key: bytes) -> str:
    """A pseudonym of nobody: 24 random bytes, then what the key makes of them."""
    drawn = secrets.token_hex(24)
    return drawn + pseudonym.pseudonym(key, drawn)[:16]


def is_random(column: str) -> str:
    """SQL of whether a pseudonym is one of nobody; the session has the macro `pseudonym`."""
    return f"substr({column}, 49) = substr(pseudonym(substr({column}, 1, 48)), 1, 16)"


def marks(history: RawHistory, accounts: Iterable[str] | None = None) -> dict[str, str]:
    """Dossier → its hash under the key of the pseudonyms (HMAC-SHA-256), as a trace names it: of
    these dossiers, or of all that any delivery has.

    Errors: IngestError when the key is missing.
    """
    key = pseudonym.ensure_key(history.home, may_create=False)
    if accounts is not None:
        return {name: pseudonym.pseudonym(key, name) for name in accounts}
    with connect(None) as connection:
        pseudonym.install(connection, key)
        return dict(connection.execute(
            f"SELECT DISTINCT {ACCOUNT}, pseudonym({ACCOUNT}) FROM {everybody(history)}"
        ).fetchall())


def deliveries(history: RawHistory, names: Renaming) -> list[str]:
    """Ids of the deliveries that hold one of these identifiers."""
    return [receipt.delivery_id for receipt in history.receipts()
            if _files(history.raw / receipt.delivery_id, names)]


def rename(history: RawHistory, names: Renaming, trace: int) -> int:
    """Rewrite every delivery that holds one of these identifiers; how many did. Killed in between,
    the next call goes on: each delivery has the old names or the new ones, whole.
    """
    changed = 0
    for receipt in history.receipts():
        folder = history.raw / receipt.delivery_id
        if files := _files(folder, names):
            _rewrite(history, receipt, files, names, trace)
            changed += 1
    return changed


def _rewrite(history: RawHistory, receipt: Receipt, files: list[Path], names: Renaming,
             trace: int) -> None:
    folder = history.raw / receipt.delivery_id
    incoming = history.raw / f"{INCOMING}{receipt.delivery_id}"
    shutil.rmtree(incoming, ignore_errors=True)
    shutil.copytree(folder, incoming)
    try:
        with connect(None) as connection:
            put_names(connection, names.all)
            for file in files:
                rows = exchanged(parquet([file]), _columns(connection, file), _text(file.stem))
                connection.execute(
                    f"COPY ({rows}) TO {text(incoming / file.name)} ({parquet_form()})")
        told = replace(receipt, stored=hashes(incoming), verdict=None,
                       forgotten=(*receipt.forgotten, trace))
        write_json(incoming / "receipt.json", receipt_json(told))
        flush(incoming)
        put_in_place(incoming, folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


# -- names exchanged, in any table: of one person or of thousands ---------------------------------

def put_names(connection: duckdb.DuckDBPyConnection, names: Mapping[str, str]) -> None:
    """Give a session the identifiers (`old`) and what becomes of them (`new`)."""
    connection.execute("CREATE OR REPLACE TEMP TABLE names (old VARCHAR, new VARCHAR)")
    connection.execute("INSERT INTO names SELECT unnest($1), unnest($2)",
                       [list(names), list(names.values())])


def exchanged(rows: str, columns: Sequence[str], of_text: Collection[str]) -> str:
    """SQL of rows with identifiers exchanged, wherever they stand in these columns of text."""
    told, joins = [], []
    for place, name in enumerate(columns):
        column = f"kept.{quote(name)}"
        if name in of_text:
            joins.append(f"LEFT JOIN ({_becoming(rows, name)}) AS new_{place} "
                         f"ON {column} = new_{place}.value")
            column = f"coalesce(new_{place}.becomes, {column})"
        told.append(f"{column} AS {quote(name)}")
    return f"SELECT {', '.join(told)} FROM {rows} AS kept {' '.join(joins)}"


def holds(connection: duckdb.DuckDBPyConnection, rows: str, of_text: Iterable[str]) -> bool:
    """Whether one of these columns holds one of the identifiers."""
    return any(
        connection.execute(f"SELECT value FROM ({_becoming(rows, name)}) LIMIT 1").fetchone()
        for name in of_text)


def _becoming(rows: str, column: str) -> str:
    """SQL of each value of a column that holds an identifier, and what it becomes."""
    return f"""
        SELECT value, list_reduce(list_prepend(value, held),
            lambda told, name: replace(told, name, map(held, given)[name])) AS becomes
        FROM (
            SELECT value, list(old) AS held, list(new) AS given
            FROM (SELECT DISTINCT value, unnest(regexp_extract_all(value, '{_FORM}')) AS old
                  FROM (SELECT DISTINCT {quote(column)} AS value FROM {rows})) AS found
            JOIN names USING (old)
            GROUP BY value)"""


def _files(folder: Path, names: Renaming) -> list[Path]:
    """The files of a delivery that hold one of the identifiers."""
    with connect(None) as connection:
        put_names(connection, names.all)
        return [file for file in sorted(folder.glob("*.parquet"))
                if holds(connection, parquet([file]),
                         [name for name in _columns(connection, file) if name in _text(file.stem)])]


def _text(stem: str) -> frozenset[str]:
    """The columns of a stored file that may hold an identifier of a person."""
    if stem == Path(QUARANTINE).stem:
        return frozenset(("key", "reason"))
    return referring(load_contracts()[stem])


def referring(contract: Contract) -> frozenset[str]:
    """The columns of an extract that may hold an identifier of a person."""
    refer = {column.stored_name for column in contract.columns
             if any(ref.extract == PERSONS for ref in column.references)}
    return frozenset(refer | ({ACCOUNT, PSEUDONYM} if contract.name == PERSONS else set()))


def _columns(connection: duckdb.DuckDBPyConnection, file: Path) -> list[str]:
    return [name for name, *_ in
            connection.execute(f"DESCRIBE SELECT * FROM {parquet([file])}").fetchall()]


def everybody(history: RawHistory) -> str:
    """SQL of the rows of persons, in every version of every delivery."""
    files = [history.raw / receipt.delivery_id / f"{PERSONS}.parquet"
             for receipt in history.receipts()]
    return parquet([file for file in files if file.is_file()])

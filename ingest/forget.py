"""Taking one person's identifiers out of the raw history, in every version of every delivery.

The number of each dossier of the person becomes a random one of the same form, the pseudonym a
random one too: rows stay, so that every count and amount stays, and nothing says any more whose
they are. The receipt is written anew, names the trace of the forgetting, and keeps the digest of
what came: a delivery that still lies in landing is known and not loaded again.

Belongs here: who a person is in the raw history, and rewriting it. Judgements are made anew by the
next load, since their chain is another one (raw.py). Does not belong here: releases, the notebook,
the trace itself (orchestration/forget).
"""

import secrets
import shutil
from collections.abc import Iterable, Mapping
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


@dataclass(frozen=True)
class Renaming:
    """Old identifier → random one: dossiers (`A` and eight digits) and pseudonyms."""

    accounts: Mapping[str, str]
    persons: Mapping[str, str]

    @property
    def all(self) -> dict[str, str]:
        """Both."""
        return {**self.accounts, **self.persons}


def renaming(history: RawHistory, account: str) -> Renaming | None:
    """New identifiers for the person behind a dossier: all dossiers that any version of any
    delivery gives the same pseudonym. None where no delivery has that dossier.
    """
    with connect(None) as connection:
        everyone = _everyone(connection, history)
        persons = connection.execute(
            f"SELECT DISTINCT {PSEUDONYM} FROM {everyone} WHERE {ACCOUNT} = $1", [account]
        ).fetchall()
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
    return Renaming(new, {key: secrets.token_hex(32) for key in keys})


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
            f"SELECT DISTINCT {ACCOUNT}, pseudonym({ACCOUNT}) FROM {_everyone(connection, history)}"
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
            for file in files:
                columns = ", ".join(
                    f"{replaced(name, names.all)} AS {quote(name)}" if name in _text(file.stem)
                    else quote(name) for name in _columns(connection, file))
                connection.execute(f"COPY (SELECT {columns} FROM {parquet([file])}) "
                                   f"TO {text(incoming / file.name)} ({parquet_form()})")
        told = replace(receipt, stored=hashes(incoming), verdict=None,
                       forgotten=(*receipt.forgotten, trace))
        write_json(incoming / "receipt.json", receipt_json(told))
        flush(incoming)
        put_in_place(incoming, folder)
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def replaced(column: str, names: Mapping[str, str]) -> str:
    """SQL of a text column with identifiers replaced, wherever they stand in it."""
    source = quote(column)
    for old, new in names.items():
        source = f"replace({source}, {text(old)}, {text(new)})"
    held = " OR ".join(f"contains({quote(column)}, {text(old)})" for old in names)
    return f"CASE WHEN {held} THEN {source} ELSE {quote(column)} END"


def _files(folder: Path, names: Renaming) -> list[Path]:
    """The files of a delivery that hold one of the identifiers."""
    found = []
    with connect(None) as connection:
        for file in sorted(folder.glob("*.parquet")):
            columns = [name for name in _columns(connection, file) if name in _text(file.stem)]
            held = " OR ".join(f"contains({quote(name)}, {text(old)})"
                               for name in columns for old in names.all)
            if held and connection.execute(
                    f"SELECT count(*) FROM (SELECT 1 FROM {parquet([file])} WHERE {held} LIMIT 1)"
                    ).fetchone()[0]:
                found.append(file)
    return found


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


def _everyone(connection: duckdb.DuckDBPyConnection, history: RawHistory) -> str:
    files = [history.raw / receipt.delivery_id / f"{PERSONS}.parquet"
             for receipt in history.receipts()]
    return parquet([file for file in files if file.is_file()])

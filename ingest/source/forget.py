"""Taking one person's identifiers out of what is kept of a source: the states of compared extracts
(`sources/NAME/state`), which hold the keys of rows.

Only the key goes: the keyed hashes of the row stay, so that the next delta does not tell the row as
a change because it was forgotten. A row that changed in the source is told, as any other; one that
was removed there is not told as gone, for its key is not known any more. Belongs here: those files.
Does not belong here: the raw history (ingest/forget.py), what hashes mean (compare.py).
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ingest.contract import load_contracts
from ingest.engine import connect, quote, text
from ingest.forget import referring
from ingest.source.declared import sources_folder
from ingest.source.state import alone
from storage.parquet import parquet, parquet_form


@contextmanager
def nobody_extracts(home: Path) -> Iterator[None]:
    """Keep every extract of every source out meanwhile. Errors: SourceBusy."""
    with ExitStack() as stack:
        for folder in sorted(sources_folder(home).glob("*/state")):
            stack.enter_context(alone(home, folder.parent.name))
        yield


def forget_keys(home: Path, accounts: Iterable[str]) -> int:
    """Take dossiers out of every state; how many files held one. Hold `nobody_extracts`. Killed in
    between, the next call goes on: each file is the one or the other, whole.
    """
    changed = 0
    contracts, held = load_contracts(), ", ".join(map(text, accounts))
    for file in sorted(sources_folder(home).glob("*/state/*/*.parquet")):
        contract = contracts[file.stem]
        names = [name for name in contract.keys if name in referring(contract)]
        if names:
            changed += _forget(file, names, held)
    return changed


def _forget(file: Path, names: list[str], held: str) -> bool:
    draft = file.with_name(f".{file.name}.incoming")
    where = " OR ".join(f"{quote(name)} IN ({held})" for name in names)
    gone = ", ".join(
        f"CASE WHEN {quote(name)} NOT IN ({held}) THEN {quote(name)} END AS {quote(name)}"
        for name in names)
    try:
        with connect(None) as connection:
            rows = parquet([file])
            if not connection.execute(
                    f"SELECT count(*) FROM (SELECT 1 FROM {rows} WHERE {where} LIMIT 1)"
                    ).fetchone()[0]:
                return False
            connection.execute(
                f"COPY (SELECT * REPLACE ({gone}) FROM {rows}) TO {text(draft)} ({parquet_form()})")
        draft.chmod(0o600)
        with open(draft, "rb") as written:
            os.fsync(written.fileno())
        os.replace(draft, file)
    finally:
        draft.unlink(missing_ok=True)
    return True

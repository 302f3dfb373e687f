"""What changed since an earlier extract, where the source itself cannot tell (`compare: keys`).

Belongs here: what is kept of every row, and the difference of two states. Does not belong here:
how rows are read and written.

Kept is, of each row, its key and two keyed hashes (HMAC-SHA-256): of the key, and of the whole row.
The hashes say that a row is another one and nothing of what it holds; the key columns, numbers of
dossiers that the raw history holds as well, are needed to tell the door which row is gone. A key
that has not the form of its kind may be anything, a national number too: it is not kept, and the
door took no such row. Nor is the key of a person who was forgotten (forget.py).
"""

import hashlib
import hmac
from collections.abc import Generator, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa

from ingest import pseudonym, rules
from ingest.bounds import IDENTIFIER_CHARACTERS
from ingest.contract import Contract, load_contracts
from ingest.engine import connect, has_form, key_text, quote, text
from ingest.errors import SourceError
from storage.parquet import parquet, parquet_form


def state_key(home: Path) -> bytes:
    """The key of these hashes, made of the key of the pseudonyms: another key, other hashes, and
    the next delta tells every row once more.
    """
    landed = any((Path(home) / "raw").glob("*/receipt.json"))
    return hmac.new(pseudonym.ensure_key(Path(home), may_create=not landed),
                    b"vigie source state", hashlib.sha256).digest()


def check(contract: Contract, where: str) -> None:
    """Errors: SourceError when a key of the extract may not be kept."""
    if any(contract.by_name[name].personal == "direct" for name in contract.keys):
        raise SourceError("compare_names", where=where)


def keep(rows: Path, target: Path, contract: Contract, key: bytes,
         earlier: Sequence[Path] = ()) -> None:
    """Write what is kept of the rows of a file (texts, without `_op`), in their order. The key of a
    row that stands without one in an earlier state, and has not changed since, is not kept either:
    it was forgotten (forget.py), or has no form.
    """
    columns = [quote(column.name) for column in contract.columns]
    # Lengths, so that no two rows are written alike; an empty text is none for the door as well.
    whole = " || ".join(f"coalesce(length({name}) || ':' || {name}, '-')" for name in columns)
    keys = ", ".join(f"CASE WHEN {_well_formed(contract, name)} THEN {quote(name)} END AS "
                     f"{quote(name)}" for name in contract.keys)
    with connect(None) as connection:
        pseudonym.install(connection, key)
        found = (f"SELECT {keys}, unhex(pseudonym({key_text(contract.keys)})) AS _key, "
                 f"unhex(pseudonym({whole})) AS _row FROM {parquet([rows])}")
        if nameless := _nameless(connection, contract, earlier):
            known = ", ".join(f"CASE WHEN nameless._row IS NULL THEN {quote(name)} END AS "
                              f"{quote(name)}" for name in contract.keys)
            found = (f"SELECT {known}, found._key, found._row "
                     f"FROM (SELECT *, row_number() OVER () AS _place FROM ({found})) AS found "
                     f"LEFT JOIN ({nameless}) AS nameless ON nameless._key = found._key "
                     "AND nameless._row = found._row ORDER BY _place")
        connection.execute(f"COPY ({found}) TO {text(target)} ({parquet_form()})")
    target.chmod(0o600)


def delta(rows: Path, now: Path, earlier: Sequence[Path], contract: Contract, spill: Path
          ) -> Generator[pa.RecordBatch]:
    """The delta in batches, columns `_op` and those of the contract: every key whose rows are not,
    in number and content, those of each earlier state, with its rows now (U) or alone (D).

    Several states, because any of their deliveries may have been taken.
    """
    names = [quote(column.name) for column in contract.columns]
    upserts = ", ".join(f"rows.{name}" for name in names)
    deletes = ", ".join(name if column.key else f"NULL AS {name}"
                        for name, column in zip(names, contract.columns, strict=True))
    keys = ", ".join(quote(name) for name in contract.keys)
    whole = " AND ".join(f"{quote(name)} IS NOT NULL" for name in contract.keys)
    states = ", ".join(f"state_{place} AS MATERIALIZED (SELECT * FROM {parquet([path])})"
                       for place, path in enumerate(earlier))
    differing = " UNION ALL ".join(
        f"(SELECT _key FROM (SELECT _key, _row FROM {one} EXCEPT ALL "
        f"SELECT _key, _row FROM {other}))"
        for place, _ in enumerate(earlier)
        for one, other in (("now", f"state_{place}"), (f"state_{place}", "now")))
    gone = " UNION ALL ".join(f"SELECT * FROM state_{place}" for place, _ in enumerate(earlier))
    with connect(None if contract.has_direct else spill) as connection:
        yield from connection.execute(f"""
            WITH now AS MATERIALIZED (SELECT * FROM {parquet([now])}), {states},
            changed AS (SELECT DISTINCT _key FROM ({differing}))
            SELECT 'U' AS _op, {upserts}
            FROM {parquet([rows])} AS rows POSITIONAL JOIN
                 (SELECT _key FROM {parquet([now])}) AS place
            WHERE _key IN (SELECT _key FROM changed)
            UNION ALL
            SELECT 'D', {deletes}
            FROM (SELECT DISTINCT {keys} FROM ({gone})
                  WHERE _key IN (SELECT _key FROM changed)
                  AND _key NOT IN (SELECT _key FROM now) AND {whole})
            """).to_arrow_reader()


def _nameless(connection: duckdb.DuckDBPyConnection, contract: Contract,
              earlier: Sequence[Path]) -> str:
    """SQL of the rows of earlier states that stand without their key; "" where there are none."""
    if not earlier:
        return ""
    none = " OR ".join(f"{quote(name)} IS NULL" for name in contract.keys)
    rows = f"FROM {parquet(earlier)} WHERE {none}"
    is_there = connection.execute(f"SELECT count(*) FROM (SELECT 1 {rows} LIMIT 1)").fetchone()[0]
    return f"SELECT DISTINCT _key, _row {rows}" if is_there else ""


def _well_formed(contract: Contract, name: str) -> str:
    """SQL: whether a key column holds what the door would take."""
    column = contract.by_name[name]
    if form := rules.identifier_form(column, load_contracts()):
        return has_form(quote(name), form)
    if column.type != "VARCHAR":
        source = f"(SELECT {quote(name)} AS {quote('t_' + name)})"
        return f"(SELECT {rules.typed(column)} FROM {source}) IS NOT NULL"
    return f"length({quote(name)}) <= {IDENTIFIER_CHARACTERS}"

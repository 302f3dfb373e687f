"""The synthetic fund as an operational database: `python -m sample.database ADDRESS DELIVERY…`.

Belongs here: a schema `fund` in PostgreSQL with a table for each extract, filled from a full
delivery and brought up to date by deltas (CSV), as an operational system would be. Does not belong
here: how deliveries are read out of it again (`sample/source/*.yaml` declares that).

Columns that a delivery holds a wrong type in on purpose are text, as they may be in an old system,
and no key is declared, because some keys are there twice on purpose.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from pathlib import Path

import psycopg
from psycopg import sql

from .errors import SampleError
from .quarantine import SPOILS
from .schema import KEYS, SCHEMA

_TYPES = {"d": "date", "n": "integer", "m": "numeric", "m18": "numeric", "u": "numeric",
          "b": "boolean", "t": "timestamp"}  # fmt: skip
_TEXT = {(extract, column) for extract, spoils in SPOILS.items()
         for rule, column, _ in spoils if rule == "type"}  # fmt: skip
# What is gone, which the tables themselves cannot tell.
_GONE = """
CREATE TABLE fund.gone (extract text NOT NULL, key_1 text NOT NULL, key_2 text,
                        gone_at timestamptz NOT NULL DEFAULT now());
CREATE FUNCTION fund.note_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('INSERT INTO fund.gone (extract, key_1, key_2) SELECT DISTINCT %L, %s FROM old',
                   TG_TABLE_NAME, TG_ARGV[0]);
    RETURN NULL;
END $$;
"""


def create(connection: psycopg.Connection) -> None:
    """An empty schema `fund`; one that is there is an error of the database."""
    connection.execute("CREATE SCHEMA fund")
    connection.execute(_GONE)
    for extract, columns in SCHEMA.items():
        fields = ", ".join(
            f"{name} {'text' if (extract, name) in _TEXT else _TYPES.get(kind, 'text')}"
            for name, kind in columns.items()
        )
        keys = KEYS[extract]
        told = [f"{key}::text" for key in keys] + ["NULL"] * (2 - len(keys))
        connection.execute(
            f"CREATE TABLE fund.{extract} ({fields}, changed_at timestamptz NOT NULL DEFAULT now())"
        )
        connection.execute(f"CREATE INDEX ON fund.{extract} ({', '.join(keys)})")
        connection.execute(f"CREATE INDEX ON fund.{extract} (changed_at)")
        connection.execute(
            f"CREATE TRIGGER gone AFTER DELETE ON fund.{extract} REFERENCING OLD TABLE AS old "
            f"FOR EACH STATEMENT EXECUTE FUNCTION fund.note_gone('{', '.join(told)}')"
        )


def apply(connection: psycopg.Connection, delivery: Path) -> None:
    """Bring the database to the state of a delivery in CSV, in one transaction: a full one into
    empty tables, a delta over what is there.

    Raises:
        SampleError: the delivery is not CSV.
    """
    manifest = json.loads((delivery / "manifest.json").read_text(encoding="utf-8"))
    with connection.transaction():
        for entry in manifest["files"]:
            _apply_file(connection, delivery / entry["file"], entry["extract"], manifest["mode"])


def _apply_file(connection: psycopg.Connection, path: Path, extract: str, mode: str) -> None:
    if path.suffix not in (".csv", ".gz"):
        raise SampleError("csv", name=path.name)
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        header = next(csv.reader([file.readline()]))
        target = sql.Identifier("fund", extract)
        if mode == "delta":
            target = sql.Identifier("incoming")
            fields = ", ".join(f"{name} text" for name in header)
            connection.execute(f"CREATE TEMP TABLE incoming ({fields}) ON COMMIT DROP")
        copy = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
            target, sql.SQL(", ").join(map(sql.Identifier, header))
        )
        with connection.cursor().copy(copy) as out:
            while chunk := file.read(1 << 20):
                out.write(chunk)
    if mode != "delta":
        return
    same = " AND ".join(f"row.{key}::text = incoming.{key}" for key in KEYS[extract])
    names = ", ".join(SCHEMA[extract])
    kinds = {name: "text" if (extract, name) in _TEXT else _TYPES.get(kind, "text")
             for name, kind in SCHEMA[extract].items()}  # fmt: skip
    values = ", ".join(f"{name}::{kind}" for name, kind in kinds.items())
    connection.execute(f"DELETE FROM fund.{extract} AS row USING incoming WHERE {same}")
    connection.execute(
        f"INSERT INTO fund.{extract} ({names}) SELECT {values} FROM incoming WHERE _op = 'U'"
    )
    connection.execute("DROP TABLE incoming")


def main(arguments: list[str]) -> None:
    """Create the schema and apply deliveries in the order given."""
    address, *deliveries = arguments
    with psycopg.connect(address, autocommit=True) as connection:
        with connection.transaction():
            create(connection)
        for delivery in deliveries:
            apply(connection, Path(delivery))


if __name__ == "__main__":
    main(sys.argv[1:])

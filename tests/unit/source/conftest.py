"""One PostgreSQL server for the tests of sources, and a small fund in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.unit.source.databases import VARIABLE, Fund, new_database, new_schema, postgresql


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with postgresql() as address:
        yield address


@pytest.fixture
def new_fund(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Fund]]:
    """Makes a fund in a schema of its own, or in a database with `options`."""
    made: list[Fund] = []

    def make(options: str = "", **more: object) -> Fund:
        address = new_database(server, options) if options else new_schema(server)
        monkeypatch.setenv(VARIABLE, address)
        made.append(Fund(tmp_path, address, **more))
        return made[-1]

    yield make
    for fund in made:
        fund.close()


@pytest.fixture
def fund(new_fund: Callable[..., Fund]) -> Fund:
    return new_fund()

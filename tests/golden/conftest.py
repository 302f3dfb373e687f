"""Fixtures of the replays: the entangled fund is built once for all of them, so they stay on one
worker (`pytestmark = pytest.mark.xdist_group("golden_statistics")`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from orchestration.settings import Settings
from tests.golden.entangled import build_entangled


@pytest.fixture(scope="session")
def entangled(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the entangled fund, its warehouse built."""
    return build_entangled(tmp_path_factory.mktemp("entangled"))


@pytest.fixture(scope="session")
def query(entangled: Settings) -> Iterator[Any]:
    """Function: SQL -> rows of its candidate release."""
    with duckdb.connect(str(entangled.candidate), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()


@pytest.fixture(scope="session")
def extracts(entangled: Settings) -> Iterator[Any]:
    """Function: SQL over schema raw -> rows, as they were delivered."""
    history = entangled.warehouse / "history.duckdb"
    with duckdb.connect(str(history), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()

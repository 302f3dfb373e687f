"""A person who was forgotten does not come back out of the database as a change, and states of the
source do not name them.
"""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from ingest.errors import SourceError
from ingest.load import load_ready
from ingest.source.state import alone
from orchestration.forget.act import forget, returned
from orchestration.forget.trace import FOLDER
from orchestration.settings import Settings
from tests.unit.ingest.support import NISS, valid
from tests.unit.source.databases import Fund

ACCOUNT, OTHER = "A00000001", "A00000009"


@pytest.fixture
def settings(fund: Fund) -> Settings:
    """The fund, compared by keys, extracted and loaded."""
    for name in ("affiliates", "incomes"):
        fund.declare(name, compare="keys")
    fund.extract("full")
    settings = Settings.from_env(home=fund.home, landing=fund.landing, lang="en")
    _load(fund)
    return settings


def _load(fund: Fund) -> None:
    outcome = load_ready(fund.landing, fund.home)
    assert outcome.refused is None, outcome.refused


def _naming(fund: Fund) -> list[str]:
    return [
        str(file.relative_to(fund.home))
        for file in fund.home.rglob("*")
        if file.is_file() and ACCOUNT.encode() in file.read_bytes()
    ]


def _next(fund: Fund, day: int) -> dict[str, list[tuple[str, str]]]:
    """The rows of affiliates and incomes that the next delta brings: operation and dossier."""
    written = fund.extract("delta", date(2026, 7, day))
    found = {}
    for name in ("affiliates", "incomes"):
        file = written.path / f"{name}.parquet"
        if file.exists():
            found[name] = duckdb.sql(
                f"SELECT _op, affiliate_id FROM read_parquet('{file}') ORDER BY ALL"
            ).fetchall()
    _load(fund)
    return found


def test_what_did_not_change_in_the_source_does_not_come_back(fund, settings):
    assert any("/state/" in path for path in _naming(fund))
    forget(settings, ACCOUNT, "Asked for")
    assert _naming(fund) == []
    # The operational system still has the person: as long as nothing changes there, they are told
    # neither as a change nor as gone, and no state names them again.
    for day in (1, 2):
        assert _next(fund, day) == {}
        assert _naming(fund) == []
    assert returned(settings) == []
    # A change of somebody else is told, with its key.
    fund.insert("affiliates", valid("affiliates", affiliate_id=OTHER, niss=NISS[2]))
    assert _next(fund, 3) == {"affiliates": [("U", OTHER)]}
    fund.run("DELETE FROM affiliates WHERE affiliate_id = %s", OTHER)
    assert _next(fund, 4) == {"affiliates": [("D", OTHER)]}
    assert returned(settings) == []


def test_a_change_in_the_source_brings_them_back_and_the_doctor_says_so(fund, settings):
    forget(settings, ACCOUNT, "Asked for")
    assert _next(fund, 1) == {}
    fund.run("UPDATE affiliates SET language = 'NL' WHERE affiliate_id = %s", ACCOUNT)
    assert _next(fund, 2)["affiliates"] == [("U", ACCOUNT)]
    assert returned(settings) == [1]
    # And they may be forgotten again.
    assert forget(settings, ACCOUNT, "Asked for").number == 2
    assert _naming(fund) == []
    assert _next(fund, 3) == {}


def test_one_that_the_source_removed_is_not_told_as_gone(fund, settings):
    """Their rows stay under a random number: figures stay until the next full delivery."""
    forget(settings, ACCOUNT, "Asked for")
    fund.run("DELETE FROM affiliates WHERE affiliate_id = %s", ACCOUNT)
    fund.run("DELETE FROM incomes WHERE affiliate_id = %s", ACCOUNT)
    assert _next(fund, 1) == {}


def test_while_an_extract_runs_nobody_is_forgotten(fund, settings):
    with alone(fund.home, "test"), pytest.raises(SourceError, match="Another extract"):
        forget(settings, ACCOUNT, "Asked for")
    assert not (fund.home / FOLDER).exists()
    assert forget(settings, ACCOUNT, "Asked for").number == 1

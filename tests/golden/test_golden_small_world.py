"""The small world of hand-made accounts: loaded, built, and compared with its expected tables.

The fixture is copied from the shared examples; each account tells one story (`accounts.csv`).
Tables of later issues are listed in `LATER` until they exist: none is forgotten silently.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.load import load_ready
from ingest.raw import RawHistory
from orchestration import dbt_runner
from orchestration.settings import Settings
from tests.golden.compare import differences

WORLD = Path(__file__).parent / "small_world"
#: Tables of later issues.
LATER = {
    "benefit.fct_claims",
    "benefit.fct_payments",
    "benefit.mart_overpayments",
    "recovery.fct_cases",
    "recovery.mart_arrears_ageing",
    "recovery.mart_arrears_cohorts",
    "recovery.mart_funnel",
    "recovery.mart_plans",
    "recovery.mart_prescription",
    "recovery.mart_roll_rates",
    "service.mart_commitments",
}
EXPECTED = {file.stem: file for file in sorted((WORLD / "expected").glob("*.csv"))}
COMPARED = sorted(EXPECTED.keys() - LATER)

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data folder with the small world loaded and its warehouse built, tests included."""
    home = tmp_path_factory.mktemp("small_world")
    landing = home / "landing"
    shutil.copytree(WORLD / "landing", landing)
    outcome = load_ready(landing, home)
    assert outcome.refused is None
    history = RawHistory(home)
    history.expose(history.plan(None))
    settings = Settings.from_env(home=home, landing=landing, statistics="")
    result = dbt_runner.build(settings)
    assert [node.name for node in result.nodes if not node.is_done] == []
    return settings


@pytest.mark.parametrize("table", COMPARED)
def test_table_equals_expected(settings: Settings, table: str) -> None:
    with duckdb.connect(str(settings.candidate), read_only=True) as connection:
        assert differences(connection, table, EXPECTED[table]) == []


def test_no_expected_table_is_forgotten(settings: Settings) -> None:
    with duckdb.connect(str(settings.candidate), read_only=True) as connection:
        there = {
            f"{schema}.{name}"
            for schema, name in connection.execute(
                "select table_schema, table_name from information_schema.tables"
            ).fetchall()
        }
    assert LATER & there == set(), "a table exists now: compare it"
    assert set(COMPARED) <= there


def test_rules_of_single_models(settings: Settings) -> None:
    """The dbt unit tests, on the warehouse just built (they read its column types)."""
    outcome = dbt_runner.invoke(settings, ["test", "--select", "test_type:unit", "--no-write-json"])
    results = outcome.result.results
    assert len(results) > 0
    assert [f"{r.node.name}: {r.message}" for r in results if r.status != "pass"] == []

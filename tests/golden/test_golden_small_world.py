"""The small world of hand-made accounts: loaded, built, and compared with its expected tables.

The fixture is copied from the shared examples; each account tells one story (`accounts.csv`).
Every expected table is compared.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration import dbt_command, files, manifest
from orchestration.settings import Settings
from release.reader import open_release
from tests.golden.compare import differences
from tests.worlds import copy_of

WORLD = Path(__file__).parent / "small_world"
EXPECTED = {file.stem: file for file in sorted((WORLD / "expected").glob("*.csv"))}
COMPARED = sorted(EXPECTED)
#: Rows of other kinds that a release may have: projections, which are marked; further measures,
#: and offices, of the service commitment; earlier periods of a statistic.
COMPARED_ROWS = {
    "recovery.mart_arrears_cohorts": "(from recovery.mart_arrears_cohorts where not is_projection)",
    # Given from 2025 on.
    **{
        f"statistics.stat_{code}": f"(from statistics.stat_{code} where ref_period >= '2025')"
        for code in ("t01", "t04", "t09", "t11")
    },
    "service.mart_commitments": "(from service.mart_commitments where office_code = 'ALL' and code"
    " in ('SC01', 'SC03', 'SC03B', 'SC10', 'SC11', 'SC14', 'SC17', 'SC23', 'SC23B', 'SC27',"
    " 'SC28', 'SC31', 'SC32'))",
}

pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def settings(
    built_world: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A copy of the data folder of the small world, its release once more as the candidate: the
    tests of dbt read there what the columns are.
    """
    home = copy_of(built_world("small_world"), tmp_path_factory.mktemp("small_world"))
    settings = Settings.from_env(home=home, statistics="")
    shutil.copyfile(open_release(home).path, settings.candidate)
    return settings


def test_every_node_was_built_and_every_check_passed(settings: Settings) -> None:
    nodes = json.loads((settings.warehouse / files.BUILD).read_text(encoding="utf-8"))["nodes"]
    assert len(nodes) > 250
    # The world has a profession that no list knows (F8), and claims after a bankruptcy but no
    # insolvency: warnings, and nothing else.
    found = {
        node["name"]: node["status"] for node in nodes if node["status"] not in ("success", "pass")
    }
    assert found == {"claims_follow_their_event": "warn", "professions_are_listed": "warn"}


@pytest.mark.parametrize("table", COMPARED)
def test_table_equals_expected(settings: Settings, table: str) -> None:
    with duckdb.connect(str(settings.candidate), read_only=True) as connection:
        rows = COMPARED_ROWS.get(table, table)
        assert differences(connection, rows, EXPECTED[table]) == []


def test_rules_of_single_models(settings: Settings) -> None:
    """The dbt unit tests, on the warehouse just built (they read its column types)."""
    outcome = dbt_command.invoke(
        settings,
        ["test", "--select", "test_type:unit", "--no-write-json"],
        manifest=manifest.runnable(settings),
    )
    results = outcome.result.results
    assert len(results) > 0
    assert [f"{r.node.name}: {r.message}" for r in results if r.status != "pass"] == []

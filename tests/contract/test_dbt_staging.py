"""Contract, source and staging model of an extract cannot drift apart, in names and in types.

An empty history is made from the contracts alone, the staging views are built over it by dbt, and
what they show is compared with the contracts column by column.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from ingest.contract import Contract, load_contracts
from orchestration import dbt_command
from orchestration.manifest import graph
from orchestration.settings import Settings

CONTRACTS = load_contracts()
STAMPS = [("_delivery_id", "VARCHAR"), ("_business_date", "DATE"), ("_line_number", "BIGINT")]

pytestmark = pytest.mark.xdist_group("dbt_staging")


def stored(contract: Contract) -> list[tuple[str, str]]:
    """Columns and types as the raw history holds them."""
    columns = [(column.stored_name, column.type) for column in contract.columns]
    return [(name, kind.replace(" ", "")) for name, kind in columns] + STAMPS


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings.from_env(home=tmp_path_factory.mktemp("staging"), statistics="")


@pytest.fixture(scope="module")
def staged(settings: Settings) -> dict[str, list[tuple[str, str]]]:
    """Columns and types of each staging model, over an empty history."""
    settings.warehouse.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse / "history.duckdb")) as connection:
        connection.execute("create schema raw")
        for name, contract in CONTRACTS.items():
            columns = ", ".join(f'"{column}" {kind}' for column, kind in stored(contract))
            connection.execute(f'create table raw."{name}" ({columns})')
    outcome = dbt_command.invoke(
        settings, ["run", "--select", "path:models/staging", "--no-write-json"]
    )
    assert {result.status for result in outcome.result.results} == {"success"}
    with duckdb.connect() as connection:
        work = Path(settings.warehouse / "work.duckdb")
        connection.execute(f"attach '{work}' as work (read_only)")
        history = Path(settings.warehouse / "history.duckdb")
        connection.execute(f"attach '{history}' as history (read_only)")
        names = connection.execute(
            "select table_name from information_schema.tables "
            "where table_catalog = 'work' and table_schema = 'staging'"
        ).fetchall()
        return {
            name: [
                (column, kind)
                for column, kind, *_ in connection.execute(
                    f'describe work.staging."{name}"'
                ).fetchall()
            ]
            for (name,) in names
        }


@pytest.mark.parametrize("extract", sorted(CONTRACTS))
def test_staging_shows_what_the_contract_declares(
    staged: dict[str, list[tuple[str, str]]], extract: str
) -> None:
    assert staged[f"stg_{extract}"] == stored(CONTRACTS[extract])


def test_one_staging_model_and_one_source_for_each_extract(
    settings: Settings, staged: dict[str, list[tuple[str, str]]]
) -> None:
    assert set(staged) == {f"stg_{name}" for name in CONTRACTS}
    sources = graph(settings)["sources"].values()
    raw = {source["name"] for source in sources if source["source_name"] == "raw"}
    assert {name for name in raw if not name.startswith("_")} == set(CONTRACTS)

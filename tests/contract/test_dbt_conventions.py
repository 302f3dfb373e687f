"""Our conventions for the dbt project, as tests over its parsed form."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboards import i18n
from ingest.raw import Plan
from orchestration.audit import _from_plan
from orchestration.columns import TEXTS, texts_of
from orchestration.manifest import graph
from orchestration.settings import DBT_PROJECT, Settings

INTERFACE = Path(__file__).resolve().parents[1] / "fixtures" / "interface"
#: Release tables that are not dbt models: orchestration writes them (meta_tables.yml).
NOT_DBT = {"meta.release", "meta.checks", "meta.dictionary"}
#: Models that are more than SQL over `ref`, and why.
WITH_JINJA = {
    "intermediate.int_service__commitments_tallied": "gathers every file of an indicator",
    "service.dim_commitment": "turns the declarations of the indicators into rows",
}
#: Sliced models whose inputs are views that say in_slice themselves.
SLICED_BY_VIEWS = {"intermediate.int_law__charges_compared"}
PREFIXES = {
    "core": ("dim_", "fct_", "mart_"),
    "contribution": ("fct_", "mart_"),
    "recovery": ("fct_", "mart_"),
    "benefit": ("fct_", "mart_"),
    "company": ("mart_",),
    "service": ("dim_", "fct_", "mart_"),
    "statistics": ("stat_t",),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Models of the project by schema.name."""
    settings = Settings.from_env(home=tmp_path_factory.mktemp("graph"), statistics="")
    nodes = graph(settings)["nodes"].values()
    return {f"{n['schema']}.{n['alias']}": n for n in nodes if n["resource_type"] == "model"}


@pytest.fixture(scope="module")
def marts(models: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The models that leave with a release."""
    return {name: node for name, node in models.items() if node["path"].startswith("marts/")}


def test_every_model_says_its_grain_first(models: dict[str, dict[str, Any]]) -> None:
    wrong = [n for n, node in models.items() if not node["description"].startswith("One row")]
    assert wrong == []


def test_names_say_the_kind_of_model(models: dict[str, dict[str, Any]]) -> None:
    wrong = [
        name
        for name in models
        if (schema := name.split(".")[0]) in PREFIXES
        and not name.split(".")[1].startswith(PREFIXES[schema])
    ]
    assert wrong == []


def test_indicators_are_gathered_by_a_model_that_comes_after_all_of_them(
    models: dict[str, dict[str, Any]],
) -> None:
    """dbt knows the order from its own dependencies; a new indicator is two files."""
    folder = Path(DBT_PROJECT) / "models" / "intermediate" / "service" / "commitments"
    indicators = {f"model.vigie.{file.stem}" for file in folder.glob("*.sql")}
    assert len(indicators) > 30
    gatherers = [name for name, n in models.items() if indicators <= set(n["depends_on"]["nodes"])]
    assert gatherers == ["intermediate.int_service__commitments_tallied"]


def test_a_sliced_model_comes_after_the_slices(models: dict[str, dict[str, Any]]) -> None:
    sliced = {n: m for n, m in models.items() if m["config"]["materialized"] == "sliced"}
    assert sliced
    slices = "model.vigie.int_ledger__account_slices"
    wrong = [name for name, m in sliced.items() if slices not in m["depends_on"]["nodes"]]
    wrong += [
        name
        for name, m in sliced.items()
        if "in_slice(" not in m["raw_code"] and name not in SLICED_BY_VIEWS
    ]
    assert wrong == []


def test_a_release_holds_tables_and_nothing_of_another_release(
    marts: dict[str, dict[str, Any]], models: dict[str, dict[str, Any]]
) -> None:
    """No view that decodes; what compares with the release before is these tables and no other."""
    assert [n for n, m in marts.items() if m["config"]["materialized"] == "view"] == []
    reading = [
        name
        for name, m in models.items()
        if any(source.startswith("source.vigie.previous") for source in m["depends_on"]["nodes"])
    ]
    assert sorted(reading) == [
        "recovery.mart_new_payments",
        "recovery.mart_outstanding_changes",
        "recovery.mart_worklist_changes",
    ]


def test_identifiers_have_one_form(models: dict[str, dict[str, Any]]) -> None:
    """An account, a charge, a type are texts; the number of a charge stays inside the ledger."""
    packed = re.compile(
        r"\b(account_key|charge_number|claim_code|claim_rank|nature_rank|charge_code|credit_code)\b"
    )
    wrong = [name for name, m in models.items() if packed.search(m["raw_code"])]
    wrong += [
        name
        for name, m in models.items()
        if "charge_no" in m["raw_code"]
        and not m["path"].startswith("intermediate/ledger/")
        and name != "contribution.fct_allocations"
    ]
    assert wrong == []


def test_a_model_is_sql_and_little_else(models: dict[str, dict[str, Any]]) -> None:
    """Jinja names what a model reads and how it is stored; a loop is the exception, with its reason
    here. Text is never replaced by text.
    """
    loops = {
        name
        for name, m in models.items()
        if re.search(r"{%-?\s*(for|if|set|macro|call)\b", m["raw_code"])
    }
    assert loops == set(WITH_JINJA)
    files = [*Path(DBT_PROJECT).glob("models/**/*.sql"), *Path(DBT_PROJECT).glob("macros/**/*.sql")]
    replacing = [
        str(file.relative_to(DBT_PROJECT))
        for file in files
        # A quote inside a text is doubled: that is all that may be replaced.
        if re.search(
            r"{[{%][^}]*\| *replace\((?!\"'\", \"''\"\))", file.read_text(encoding="utf-8")
        )
    ]
    assert replacing == []


def test_marts_keep_their_contract_and_are_labelled(marts: dict[str, dict[str, Any]]) -> None:
    wrong = []
    for name, node in marts.items():
        if not node["config"]["contract"]["enforced"]:
            wrong.append(f"{name}: contract not enforced")
        for what, texts in [(name, node["config"]["meta"])] + [
            (f"{name}.{column['name']}", texts_of(column["name"], column["config"]["meta"]))
            for column in node["columns"].values()
        ]:
            wrong += [f"{what}: no {key}" for key in TEXTS if not texts.get(key)]
        wrong += [
            f"{name}.{column['name']}: no description"
            for column in node["columns"].values()
            if not column["description"]
        ]
    assert wrong == []


def test_release_interface_is_kept(marts: dict[str, dict[str, Any]]) -> None:
    """Every column that outsiders rely on is there, for each table that exists already."""
    missing = []
    with (INTERFACE / "release.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = f"{row['schema']}.{row['table']}"
            if name in NOT_DBT or name not in marts:
                continue
            told = re.sub(r"\([^)]*\)", "", list(row.values())[-1])
            columns = {column.strip() for column in told.split(",")}
            missing += [f"{name}.{c}" for c in columns - set(marts[name]["columns"]) if c]
    assert missing == []


def test_statistics_declare_their_dimensions_and_measures(
    marts: dict[str, dict[str, Any]],
) -> None:
    wrong = []
    for name, node in marts.items():
        if not name.startswith("statistics."):
            continue
        meta = node["config"]["meta"]
        wrong += [
            f"{name}: no {key}"
            for key in ("code", "title_fr", "title_nl", "dimensions", "measures", "notes_fr")
            if not meta.get(key)
        ]
        wrong += [
            f"{name}: {dimension['name']} is not a column"
            for dimension in meta["dimensions"]
            if dimension["name"] not in node["columns"]
        ]
        if len(meta["notes_fr"]) != len(meta["notes_nl"]):
            wrong.append(f"{name}: notes differ between French and Dutch")
    assert wrong == []


def test_municipalities_are_those_that_ingest_checks_against() -> None:
    """The list is held twice, because ingest and dbt know nothing of each other."""
    ingest = Path(DBT_PROJECT).parent / "ingest" / "reference" / "municipalities.csv"
    with ingest.open(encoding="utf-8", newline="") as file:
        checked = [(r["nis"], r["valid_from"], r["valid_to"]) for r in csv.DictReader(file)]
    with (Path(DBT_PROJECT) / "seeds" / "municipalities.csv").open(encoding="utf-8") as file:
        known = [
            (r["municipality_nis"], r["valid_from"], r["valid_to"]) for r in csv.DictReader(file)
        ]
    assert checked == known


def test_code_lists_of_columns_exist(marts: dict[str, dict[str, Any]]) -> None:
    with (Path(DBT_PROJECT) / "seeds" / "code_labels.csv").open(encoding="utf-8") as file:
        lists = {row["list_name"] for row in csv.DictReader(file)}
    lists |= {"category", "nature", "branch", "profession", "nationality", "office", "residence"}
    # Years say themselves.
    lists |= {"contribution_year", "collection_year"}
    used = {
        (name, named.get("list_name"))
        for name, node in marts.items()
        for named in [
            *(column["config"]["meta"] for column in node["columns"].values()),
            *node["config"]["meta"].get("dimensions", []),
        ]
        if named.get("list_name")
    }
    assert {(name, listed) for name, listed in used if listed not in lists} == set()


def test_a_check_that_only_warns_is_explained_on_the_page(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """It is found in a published release, so people read it, in their language."""
    settings = Settings.from_env(home=tmp_path_factory.mktemp("checks"), statistics="")
    nodes = graph(settings)["nodes"].values()
    warning = {
        node["name"]
        for node in nodes
        if node["resource_type"] == "test" and node["config"]["severity"].lower() == "warn"
    }
    warning |= {check.check_id for check in _from_plan(Plan((), date.max, ""))}
    told = {key.removeprefix("check_") for key in i18n.words("fr") if key.startswith("check_")}
    assert warning == told

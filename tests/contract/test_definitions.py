"""Whose figure it is: every column that people read names the definition it carries out.

`definition: "§4, C1"` in the meta of a table, or of a column that has another, names paragraphs of
the definitions, rulings, tables of statistics, indicators of the service commitment, or articles
of law. Which of them exist stands here; what they say does not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from orchestration.manifest import graph
from orchestration.meta import declared_tables
from orchestration.settings import Settings
from release import references

#: The number of the last ruling of each letter.
RULINGS = {"A": 14, "B": 13, "C": 11, "D": 6, "E": 4, "F": 13, "G": 3, "H": 13, "S": 13}
KNOWN = {
    "paragraph": {str(number) for number in range(1, 8)},
    "ruling": {f"{letter}{n}" for letter, last in RULINGS.items() for n in range(1, last + 1)},
    "table": {f"T{number:02d}" for number in range(1, 17)},
    "indicator": {f"SC{number:02d}" for number in range(1, 39)},
}
#: Articles with the short names of the acts, which have a name in each language (law/texts.yaml).
LAW = re.compile(
    r"(AR|RG|L|loi-programme|Charte de l'assuré social)( [\d-]+)? art\. \d[\w/-]*( §\d\w*)?"
)


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Mapping[str, Any]]:
    """What people read, as declared: the marts of dbt and the tables that a run writes."""
    settings = Settings.from_env(home=tmp_path_factory.mktemp("graph"), statistics="")
    marts = {
        f"{node['schema']}.{node['alias']}": {
            "meta": node["config"]["meta"],
            "columns": list(node["columns"].values()),
        }
        for node in graph(settings)["nodes"].values()
        if node["resource_type"] == "model" and node["path"].startswith("marts/")
    }
    return marts | {f"meta.{name}": table for name, table in declared_tables().items()}


def test_every_column_has_a_definition_its_own_or_that_of_its_table(read) -> None:
    without = [
        f"{name}.{column['name']}"
        for name, table in read.items()
        for column in table["columns"]
        if not (definition(column) or definition(table))
    ]
    assert without == []


def test_what_a_definition_names_exists(read) -> None:
    wrong = [
        f"{name}: {unknown}"
        for name, table in read.items()
        for declared in (table, *table["columns"])
        for unknown in unknown_references(definition(declared))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("reference", "unknown"),
    [
        ("§4, C1", []),
        ("§2, A4-A7, A9", []),
        ("T01, S5", []),
        ("§3; RG art. 44bis §1, L 30-12-1992 art. 91-94, AR 38 art. 11bis", []),
        ("SC03, E3", []),
        ("§8, C12", ["§8", "C12"]),
        ("C9-C12", ["C12"]),
        ("T17", ["T17"]),
        ("law of 1992, art. 98", ["law of 1992", "art. 98"]),
    ],
)
def test_a_reference_that_does_not_exist_is_found(reference: str, unknown: list[str]) -> None:
    assert unknown_references(reference) == unknown


def definition(declared: Mapping[str, Any]) -> str:
    meta = declared.get("meta") or (declared.get("config") or {}).get("meta") or {}
    return meta.get("definition", "")


def unknown_references(reference: str) -> list[str]:
    """The parts of a reference that name nothing; law is named by its articles."""
    found = references.kinds(reference)
    unknown = [article for article in found.pop("law") if not LAW.fullmatch(article)]
    for kind, parts in found.items():
        sign = "§" if kind == "paragraph" else ""
        ends = (end for part in parts for end in part.split("-"))
        unknown += [f"{sign}{end}" for end in ends if end not in KNOWN[kind]]
    return unknown

"""The contracts say what the interface says (a copy of its extracts.csv is among the fixtures)."""

import csv
import json
import re
from pathlib import Path

import jsonschema
import open_data_contract_standard
import pytest
import yaml

from ingest.contract import CONTRACTS, load_contracts, parents, parents_first

FIXTURE = Path(__file__).parents[1] / "fixtures" / "interface" / "extracts.csv"
INTERFACE = list(csv.DictReader(FIXTURE.open(encoding="utf-8")))
PERSONAL = {"": "none", "health for carers": "health"}


def test_columns_types_keys_and_personal_data_are_those_of_the_interface():
    expected = [
        (
            row["extract"],
            row["column"],
            row["type"],
            row["key"] == "yes",
            row["required"] == "yes",
            PERSONAL.get(row["personal"], row["personal"]),
        )
        for row in INTERFACE
    ]
    assert [
        (contract.name, c.name, c.type, c.key, c.required, c.personal)
        for contract in load_contracts().values()
        for c in contract.columns
    ] == expected


@pytest.mark.parametrize(
    "row",
    [row for row in INTERFACE if row["domain"]],
    ids=lambda row: f"{row['extract']}.{row['column']}",
)
def test_domains_are_those_of_the_interface(row):
    domain, column = row["domain"], load_contracts()[row["extract"]].by_name[row["column"]]
    checks = " ".join(check.predicate for check in column.checks)
    if domain.startswith("->"):
        assert [ref.extract for ref in column.references] == domain[3:].split(" or ")
    elif domain.startswith("^"):
        assert column.pattern == domain
    elif re.fullmatch(r"\w+(\|\w+)+", domain):
        assert list(column.values) == domain.split("|")
    elif domain == "as affiliations.category":
        assert column.values == load_contracts()["affiliations"].by_name["category"].values
    elif found := re.fullmatch(r"(\d+)\.\.(\d+)", domain):
        assert (column.minimum, column.maximum) == tuple(map(int, found.groups()))
    elif found := re.fullmatch(r">= (\d+)", domain):
        assert column.minimum == int(found[1])
    elif domain == "> 0":
        assert column.exclusive_minimum == 0
    elif found := re.match(r">= (\w+)", domain):
        assert f"{column.name} >= {found[1]}" in checks
        assert ("cancellation" in checks) == ("cancellation" in domain)
    elif domain.startswith("<> 0"):
        assert "amount <> 0" in checks
        assert ("regularisation" in checks) == ("regularisation" in domain)
    elif domain in ("may be negative", "judicial district", "institution or mutuality code"):
        assert not checks
    else:
        assert column.pattern or column.code_list or column.minimum or checks


def test_conditional_duties_are_declared():
    assert {
        (contract.name, column.name)
        for contract in load_contracts().values()
        for column in contract.columns
        for check in column.checks
        if check.rule == "required"
    } == {
        ("affiliations", "end_reason"),
        ("companies", "closed_date"),
        ("recovery_cases", "closing_reason"),
        ("benefit_claims", "refusal_reason"),
        ("charges", "related_charge_id"),
    }


def test_every_column_and_extract_is_described_in_both_languages():
    for contract in load_contracts().values():
        assert contract.grain.startswith("One row per ")
        assert contract.label_fr != contract.label_nl
        assert contract.cadence in ("daily", "monthly")
        assert contract.owner
        for column in contract.columns:
            assert column.description, (contract.name, column.name)
            assert column.label_fr, (contract.name, column.name)
            assert column.label_nl, (contract.name, column.name)


def test_parents_come_first():
    seen = set()
    for contract in parents_first(load_contracts()):
        assert parents(contract) - {contract.name} <= seen
        seen.add(contract.name)
    assert seen == set(load_contracts())


@pytest.mark.parametrize("path", sorted(CONTRACTS.glob("*.odcs.yaml")), ids=lambda path: path.stem)
def test_the_file_follows_the_standard(path):
    """Against the schema of the standard itself, which its library brings."""
    schema = json.loads(
        (Path(open_data_contract_standard.__file__).parent / "schema.json").read_text(
            encoding="utf-8"
        )
    )
    validator = jsonschema.validators.validator_for(schema)(schema)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert path.name == f"{document['name']}.odcs.yaml"

"""A contract that changes bears another version, and one that breaks who sends another major one.

`ingest/contracts/baseline.json` is the version that the source was given last; it is written anew
(`python -m ingest.contract_changes`) when a new version is agreed with the source.
"""

import copy
import re

import pytest

from ingest.contract import load_contracts
from ingest.contract_changes import changes, released, shape, version_is_enough
from orchestration.contract_pages import example, pages

CONTRACTS = load_contracts()


@pytest.mark.parametrize("name", sorted({*CONTRACTS, *released()}))
def test_a_change_raises_the_version_as_it_must(name):
    before = released().get(name)
    after = shape(CONTRACTS[name]) if name in CONTRACTS else None
    assert before, "a new extract: write the baseline anew"
    assert after, "an extract that is gone: write the baseline anew"
    found = changes(before, after)
    told = [(one.column, str(one.says), one.breaks) for one in found]
    assert version_is_enough(before["version"], after["version"], found), told


def _changed(**of_column) -> list[tuple[str, bool]]:
    """What is found when a column of charges is another one."""
    before = shape(CONTRACTS["charges"])
    after = copy.deepcopy(before)
    for name, new in of_column.items():
        if new is None:
            del after["columns"][name]
        else:
            after["columns"][name] = {**after["columns"].get(name, _FREE), **new}
    return [(one.says.key, one.breaks) for one in changes(before, after)]


_FREE = {
    "type": "VARCHAR",
    "key": False,
    "required": False,
    "values": [],
    "pattern": None,
    "codes": None,
    "minimum": None,
    "maximum": None,
    "exclusive_minimum": None,
    "references": [],
    "rules": {},
}


@pytest.mark.parametrize(
    ("of_column", "found"),
    [
        ({}, []),
        ({"note": {}}, [("change.added", False)]),
        ({"note": {"required": True}}, [("change.added_required", True)]),
        ({"income_basis": None}, [("change.removed", True)]),
        ({"amount": {"type": "INTEGER"}}, [("change.type", True)]),
        ({"category": {"required": True}}, [("change.required", True)]),
        ({"amount": {"required": False}}, [("change.optional", False)]),
        ({"category": {"key": True}}, [("change.key", True)]),
        ({"charge_id": {"pattern": "^D[0-9]{13}$"}}, [("change.form", True)]),
        ({"charge_id": {"pattern": None}}, [("change.form", False)]),
        ({"contribution_quarter": {"maximum": 3}}, [("change.bound", True)]),
        ({"contribution_quarter": {"maximum": 5}}, [("change.bound", False)]),
        ({"contribution_quarter": {"minimum": 2}}, [("change.bound", True)]),
        ({"contribution_quarter": {"minimum": None}}, [("change.bound", False)]),
        ({"amount": {"rules": {}}}, [("change.rule_gone", False)] * 3),
        ({"income_basis": {"rules": {"new": "true"}}}, [("change.rule", True)]),
        ({"income_basis": {"references": ["charges.charge_id"]}},
         [("change.references_new", True)]),
        ({"related_charge_id": {"references": []}}, [("change.references_gone", False)]),
        ({"account_id": {"references": ["affiliates.affiliate_id"]}},
         [("change.references_gone", True)]),
    ],
)  # fmt: skip
def test_what_breaks_who_sends(of_column, found):
    assert _changed(**of_column) == found


def test_a_domain_is_narrower_when_a_value_leaves_it():
    values = shape(CONTRACTS["charges"])["columns"]["charge_type"]["values"]
    assert _changed(charge_type={"values": values[1:]}) == [("change.values_gone", True)]
    assert _changed(charge_type={"values": [*values, "new"]}) == [("change.values_new", False)]
    assert _changed(charge_type={"values": []}) == [("change.values_gone", False)]
    assert _changed(income_basis={"values": ["a"]}) == [("change.values_new", True)]


@pytest.mark.parametrize(
    ("before", "after", "of_column", "enough"),
    [
        ("1.0.0", "1.0.0", {}, True),
        ("1.0.0", "1.0.0", {"note": {}}, False),
        ("1.0.0", "1.1.0", {"note": {}}, True),
        ("1.0.0", "1.1.0", {"note": {"required": True}}, False),
        ("1.9.3", "2.0.0", {"note": {"required": True}}, True),
        ("1.10.0", "1.9.0", {}, False),
    ],
)
def test_which_version_a_change_asks_for(before, after, of_column, enough):
    old = shape(CONTRACTS["charges"])
    new = copy.deepcopy(old)
    for name, column in of_column.items():
        new["columns"][name] = {**_FREE, **column}
    assert version_is_enough(before, after, changes(old, new)) is enough


def test_examples_have_the_form_that_is_asked():
    for contract in CONTRACTS.values():
        for column in contract.columns:
            told = example(column, CONTRACTS)
            if column.pattern:
                assert re.fullmatch(column.pattern, told), (contract.name, column.name)
            if column.personal == "direct":
                assert told == ""


@pytest.mark.parametrize("lang", ["fr", "nl", "en"])
def test_a_page_for_each_extract_names_every_column(lang):
    before = released()
    before["charges"]["columns"]["income_basis"]["type"] = "INTEGER"
    written = dict(pages(CONTRACTS, before, lang))
    assert set(written) == {"index.html", *(f"{name}.html" for name in CONTRACTS)}
    for name, contract in CONTRACTS.items():
        page = written[f"{name}.html"]
        assert f'<html lang="{lang}">' in page
        assert [one.name for one in contract.columns if f">{one.name}<" not in page] == []
    assert "INTEGER" in written["charges.html"]
    assert "http" not in written["index.html"]

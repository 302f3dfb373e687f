"""The register of processing says what the contracts declare: personal data, times and grounds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.contract import Contract, load_contracts

REGISTER = Path(__file__).resolve().parents[2] / "docs" / "processing-register.md"


def lines() -> dict[str, str]:
    text = REGISTER.read_text(encoding="utf-8")
    return {found[1]: found[0] for found in re.finditer(r"^\| `(\w+)` \|.*$", text, re.MULTILINE)}


def test_every_extract_has_its_line_and_no_other():
    assert list(lines()) == list(load_contracts())


@pytest.mark.parametrize("contract", load_contracts().values(), ids=lambda one: one.name)
def test_a_line_says_what_the_contract_declares(contract: Contract):
    cells = [cell.strip() for cell in lines()[contract.name].strip("|").split("|")]
    _, what, personal, years, ground = cells
    assert (what, years, ground) == (
        contract.description,
        str(contract.keep_years),
        contract.keep_ground_fr,
    )
    named = set(re.findall(r"[a-z_]{3,}", personal))
    assert {column.name for column in contract.columns if column.personal != "none"} <= named
    assert 1 <= contract.keep_years <= 30
    assert contract.keep_ground_fr != contract.keep_ground_nl

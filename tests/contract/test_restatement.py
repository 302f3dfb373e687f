"""What the reasons of a restatement say a statistic is made of is what dbt makes it of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ingest.contract import load_contracts
from orchestration.changes import FACTS

PROJECT = Path(__file__).parents[2]
DBT = PROJECT / "dbt_project"
RULES = yaml.safe_load((PROJECT / "exports/restatement/rules.yaml").read_text(encoding="utf-8"))
STATISTICS = sorted(path.stem for path in DBT.glob("models/marts/statistics/stat_*.sql"))
_REF = re.compile(r"ref\(['\"](\w+)['\"]\)")
_SOURCE = re.compile(r"source\(['\"]\w+['\"], ['\"](\w+)['\"]\)")


def macros() -> dict[str, str]:
    """The text of each macro by its name."""
    return {
        name: text
        for path in DBT.glob("macros/**/*.sql")
        for text in [path.read_text(encoding="utf-8")]
        for name in re.findall(r"macro (\w+)\(", text)
    }


def made_of(model: str) -> tuple[set[str], set[str]]:
    """Extracts and lists of law that a model reads, through all that lies between."""
    called = macros()
    files = {path.stem: path for path in DBT.glob("models/**/*.sql")}
    extracts, law, waiting, seen = set(), set(), [model], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        if name not in files:
            law |= {name} if name.startswith("law_") else set()
            continue
        text = files[name].read_text(encoding="utf-8")
        text += "".join(more for macro, more in called.items() if f"{macro}(" in text)
        extracts |= {one for one in _SOURCE.findall(text) if not one.startswith("_")}
        waiting += _REF.findall(text)
    return extracts, law


@pytest.mark.parametrize("model", STATISTICS)
def test_a_statistic_is_made_of_what_the_rules_say(model):
    said = RULES["statistics"][model.removeprefix("stat_").upper()]
    extracts, law = made_of(model)
    assert set(said["extracts"]) == extracts
    assert set(said["law"]) == law
    assert said["reaches"] in ("within", "until", "always")


def test_the_facts_of_every_extract_are_columns_of_it():
    contracts = load_contracts()
    used = {one for said in RULES["statistics"].values() for one in said["extracts"]}
    assert used <= FACTS.keys() <= contracts.keys()
    for name, facts in FACTS.items():
        columns = dict(contracts[name].stored)
        for column in (facts.begins, facts.ends):
            assert column is None or columns[column] in ("DATE", "TIMESTAMP", "INTEGER")


def test_every_reason_has_its_words():
    assert list(RULES["reasons"]) == [
        "definition",
        "law",
        "correction",
        "late",
        "later",
        "code",
        "unknown",
    ]
    for said in RULES["reasons"].values():
        assert all(said[key] for key in ("fr", "nl", "en", "said_fr", "said_nl"))

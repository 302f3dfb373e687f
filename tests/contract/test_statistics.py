"""Each statistic declares the dimensions, measures and blocks of the interface, in its words.

One that the interface does not have is the fund's own, and held to the form of all.
"""

import csv
import re
from pathlib import Path

import pytest
import yaml

from exports.texts import basis
from tests.golden import blocks

DECLARED = {
    model["config"]["meta"]["code"]: model
    for path in sorted(
        (Path(__file__).parents[2] / "dbt_project/models/marts/statistics").glob("*.yml")
    )
    for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
}


#: Lists with codes of their own elsewhere: seeds of their own.
ELSEWHERE = {"branch", "category", "nature", "residence", "special"}


def said(value: object) -> str:
    """A value of the YAML as the interface writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


@pytest.mark.parametrize("code", [code for code in DECLARED if blocks.of(code, "table")])
def test_what_a_statistic_declares_is_the_interface(code: str) -> None:
    meta = DECLARED[code]["config"]["meta"]
    (table,) = blocks.of(code, "table")
    assert DECLARED[code]["name"] == table["name"]
    for word in ("frequencies", "contributor", "class", "title_fr", "title_nl"):
        assert said(meta[word]) == table[word], word
    words = {
        "dimension": ("name", "list_name", "within", "total_code"),
        "measure": ("name", "unit", "decimals", "additive", "numerator", "denominator"),
        "block": ("name", "frequencies", "axes", "measures"),
    }
    for kind, names in words.items():
        declared = [
            # A list is named where it has codes with labels; years explain themselves.
            {
                word: said({"total_code": "_T", "list_name": entry["name"], **entry}.get(word))
                for word in names
            }
            for entry in meta[f"{kind}s"]
        ]
        expected = [{word: row[word] for word in names} for row in blocks.of(code, kind)]
        assert declared == expected


@pytest.mark.parametrize("code", DECLARED)
def test_columns_are_those_of_every_statistic(code: str) -> None:
    """Rule S1: the period, the dimensions in their order, the value and who contributes to it."""
    names = [column["name"] for column in DECLARED[code]["columns"]]
    dimensions = [entry["name"] for entry in DECLARED[code]["config"]["meta"]["dimensions"]]
    values = ["measure", "obs_value", "contributors", "largest_contribution", "second_contribution"]
    assert names == ["ref_period", *dimensions, *values]


@pytest.mark.parametrize("code", DECLARED)
def test_everything_is_said_in_both_languages(code: str) -> None:
    meta = DECLARED[code]["config"]["meta"]
    for entry in (*meta["dimensions"], *meta["measures"]):
        assert entry["label_fr"], entry["name"]
        assert entry["label_nl"], entry["name"]
    assert len(meta["notes_fr"]) == len(meta["notes_nl"]) > 0


@pytest.mark.parametrize("code", DECLARED)
def test_what_a_recipient_reads_names_no_table_of_the_warehouse(code: str) -> None:
    """Notes and definitions leave the house: who reads them has no release to look into."""
    meta = DECLARED[code]["config"]["meta"]
    texts = [*meta["notes_fr"], *meta["notes_nl"]]
    for entry in (*meta["dimensions"], *meta["measures"]):
        texts += [str(value) for name, value in entry.items() if name.endswith(("_fr", "_nl"))]
    named = re.compile(r"\b(?:mart|fct|dim|stat|int|stg)_\w+")
    assert not [text for text in texts if named.search(text)]


def test_every_code_of_the_interface_has_its_label() -> None:
    def codes(file: Path) -> set[tuple[str, str]]:
        with file.open(encoding="utf-8", newline="") as lines:
            return {(row["list_name"], row["code"]) for row in csv.DictReader(lines)}

    root = Path(__file__).parents[2]
    named = codes(root / "tests" / "fixtures" / "interface" / "statistics-codes.csv")
    labelled = codes(root / "dbt_project" / "seeds" / "code_labels.csv")
    missing = {(name, code) for name, code in named - labelled if name not in ELSEWHERE}
    assert missing == set()


@pytest.mark.parametrize("code", DECLARED)
def test_no_code_stands_for_a_word(code: str) -> None:
    """Count bases are said in words; two things of one statistic never bear the same name."""
    meta = DECLARED[code]["config"]["meta"]
    bases = meta["count_basis"]
    for one in bases.values() if isinstance(bases, dict) else [bases]:
        assert all(basis(one, lang) != one for lang in ("fr", "nl")), one
    for lang in ("fr", "nl"):
        labels = [entry[f"label_{lang}"] for entry in (*meta["dimensions"], *meta["measures"])]
        assert len(labels) == len(set(labels)), labels

"""Relations between statistics are said in three places, each for a purpose of its own: what an
attacker may reckon with (`equations` of a statistic), what is compared cell by cell before a
package leaves (validation/coherence.yaml), what a reader is told (note/coherence.yaml). Where two
of them say the same, they say it alike.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
STATISTICS = PROJECT / "dbt_project" / "models" / "marts" / "statistics"

Term = tuple[str, str, frozenset]


def _read(path: Path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


COMPARED = _read(PROJECT / "exports" / "validation" / "coherence.yaml")
TOLD = _read(PROJECT / "exports" / "note" / "coherence.yaml")
#: Equations that hold exactly, by the statistic that declares them.
DECLARED = {
    meta["code"]: [one for one in meta.get("equations", ()) if not one.get("rest")]
    for path in sorted(STATISTICS.glob("stat_t*.yml"))
    for meta in [_read(path)["models"][0]["config"]["meta"]]
}


def _of_comparison(term: dict) -> Term:
    codes = {name: str(code) for name, code in (term.get("codes") or {}).items()}
    return term["statistic"], term["measure"], frozenset(codes.items())


def _of_declaration(code: str, term: dict) -> Term:
    codes = {name: str(said) for name, said in term.items() if name not in ("statistic", "measure")}
    return term.get("statistic", code), term["measure"], frozenset(codes.items())


def _compared_terms(relation: dict) -> set[Term]:
    terms = [*relation["one"], *relation["other"]]
    return {_of_comparison(term) for term in terms if "statistic" in term}


def _sides(relation: dict) -> tuple[set, set] | None:
    """Both sides of a comparison of statistics alone: what is added, what is taken off."""
    plus, minus = set(), set()
    for side, sign in (("one", 1), ("other", -1)):
        for term in relation[side]:
            if "statistic" not in term or "period" in term or "names" in term:
                return None
            target = plus if sign * term.get("sign", 1) == 1 else minus
            target.add(_of_comparison(term))
    return plus, minus


@pytest.mark.parametrize("relation", ["K06", "K09", "K10", "K17"])
def test_what_is_compared_within_the_answer_is_what_an_attacker_reckons_with(relation):
    """As it is declared, or with both sides swapped."""
    (said,) = (one for one in COMPARED if one["id"] == relation)
    plus, minus = _sides(said)
    declared = [
        tuple({_of_declaration(code, term) for term in one[side]} for side in ("plus", "minus"))
        for code, equations in DECLARED.items()
        for one in equations
    ]
    assert (plus, minus) in declared or (minus, plus) in declared


@pytest.mark.parametrize(
    "told", [one for one in TOLD if "cells" in one], ids=lambda o: o["title_fr"]
)
def test_what_a_reader_is_shown_as_equal_is_compared(told):
    """Each figure beside the first is compared with it, cell by cell."""
    first, *others = [
        (cell["statistic"], cell["measure"], frozenset((cell.get("codes") or {}).items()))
        for cell in told["cells"]
    ]
    for other in others:
        assert any({first, other} <= _compared_terms(one) for one in COMPARED), other

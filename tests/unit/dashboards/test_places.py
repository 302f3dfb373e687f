"""Names of places: in the language of the page, and none that is two places."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from dashboards import places, source
from dashboards.i18n import Language

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds"


def _rows(seed: str) -> list[dict[str, str]]:
    with open(SEEDS / f"{seed}.csv", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_no_country_has_the_name_of_a_place_of_belgium():
    """Luxembourg is a province and a Grand Duchy."""
    for lang in ("fr", "nl"):
        names = {row[f"province_{lang}"] for row in _rows("municipalities")} - {""}
        assert not names & {row[f"label_{lang}"] for row in _rows("nationalities")}
        assert len(names) == 10


def test_a_district_named_after_a_province_is_in_the_language_of_the_page(fund):
    written = pd.Series(["Luxembourg", "Brabant wallon", "Anvers", "Eupen", "Nowhere"])
    meant = ["Luxemburg", "Waals-Brabant", "Antwerpen", "Eupen", "Nowhere"]
    assert list(places.in_language(source.begin(Language("nl")), written)) == meant
    assert list(places.in_language(source.begin(Language("fr")), written)) == list(written)

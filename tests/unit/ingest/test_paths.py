"""A home or a landing folder of any name: no path is a pattern, none a column (A1, A2)."""

import os
import shutil

import pytest

from ingest.errors import IngestError
from ingest.load import load_ready
from tests.unit.ingest.support import load, quarantine, rows, valid, world, write_delivery

WORKS = [
    "a=b",
    "office_code=BXL",
    "it's",
    "[x]",
    "[!a]",
    "x*",
    "**",
    "é",
    'say "x"',
    "a b",
    "%20",
    "#",
    "{{ x }}",
    "$x",
    "~x",
    "back\\slash",
    "new\nline",
    "a=b/it's [x]*/é",
]
REFUSED = ["x?", "[x]\\y", "a=b/it's [x]*?/é", os.fsdecode(b"\xe9")]


@pytest.mark.parametrize(
    ("name", "format"),
    [(name, "csv") for name in WORKS] + [(name, "parquet") for name in ("office_code=BXL", "[x]*")],
)
def test_a_whole_load_in_a_home_of_any_name(tmp_path, any_share, name, format):
    home, landing = tmp_path / name / "home", tmp_path / name / "landing"
    tables = world()
    tables["payments"].append(valid("payments", payment_id="P000000000002", amount="x"))
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", tables, format=format)
    shutil.copytree(landing / "2026-06-30-1", tmp_path / "x" / "2026-06-30-1")
    change = {"affiliates": [valid("affiliates", language="NL")]}
    write_delivery(landing, "2026-07-01-1", "2026-07-01", "delta", change, format=format)
    outcome = load(landing, home)
    assert outcome.refused is None, outcome.refused
    assert rows(home, "SELECT office_code, language FROM raw.affiliates ORDER BY ALL") == [
        ("LIE", "FR"),
        ("LIE", "NL"),
    ]
    assert quarantine(home) == [("payments", 3, "type", "amount")]


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_work_is_refused_at_the_start(tmp_path, name):
    home, landing = tmp_path / name / "home", tmp_path / "landing"
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", world())
    with pytest.raises(IngestError, match="give it another name") as refused:
        load_ready(landing, home)
    assert str(refused.value).isprintable()
    assert not home.exists()


def test_a_landing_folder_may_hold_a_question_mark(tmp_path):
    landing, home = tmp_path / "is this [it]?", tmp_path / "home"
    write_delivery(landing, "2026-06-30-1", "2026-06-30", "full", world(), format="csv.gz")
    assert load(landing, home).refused is None


def test_a_neighbour_that_fits_the_pattern_is_not_read(tmp_path):
    """`[1]` is a folder of its own, not one of the characters in brackets."""
    for name, office in (("1", "BXL"), ("[1]", "LIE")):
        tables = world()
        for row in tables["affiliates"]:
            row["office_code"] = office
        write_delivery(tmp_path / name, "2026-06-30-1", "2026-06-30", "full", tables)
        assert load(tmp_path / name, tmp_path / f"home{name}").refused is None
    found = rows(tmp_path / "home[1]", "SELECT DISTINCT office_code FROM raw.affiliates")
    assert found == [("LIE",)]

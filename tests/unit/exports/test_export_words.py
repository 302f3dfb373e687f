"""What a reader is told of blocks that are not given, of rows that are not there and of files."""

import csv
import json
import re
from dataclasses import replace

import csvw
import openpyxl
import pypdf
import pytest

from exports.cells import Cells, LeftOut
from exports.package import files_of, short_codes
from tests.unit.exports.other_shapes import hide, hide_some, write_package

RULES = {
    "unsafe": ["9 de ses 10 cellules (90,0 %) ne peuvent pas", "60 %"],
    "besides": ["Pour protéger 1 de ses 10 cellules", "7 des 9 autres (77,8 %)", "60 %"],
    "exposed": ["quelle que soit la façon d'en cacher"],
}


def cover(package) -> dict[str, list[str]]:
    sheet = openpyxl.load_workbook(package.workbook).worksheets[0]
    found: dict[str, list[str]] = {}
    for row in sheet.iter_rows(values_only=True):
        found.setdefault(row[0], []).append(row[1])
    return found


def note_of(package) -> str:
    pages = pypdf.PdfReader(package.note).pages
    # A long name is broken over lines.
    return "".join("".join(page.extract_text() for page in pages).split())


def lose_everything(cursor, statistic, cells: Cells) -> Cells:
    """Of T04 no block is left."""
    if statistic.code != "T04":
        return cells
    cursor.execute(f"delete from {cells.table}")
    return Cells(cells.table, (LeftOut("T04.1", 100, 90, unsafe=90, rule="unsafe"),))


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_that_applied_is_said(shapes_home, tmp_path, rule):
    """Each has its own share: of all cells, or of those that are safe by themselves."""

    def change(cursor, statistic, cells):
        found = hide_some(cursor, statistic, cells)
        unsafe = 9 if rule == "unsafe" else 1
        hidden = 9 if rule == "unsafe" else 8
        lost = LeftOut("T16.2", 10, hidden, "year", unsafe=unsafe, rule=rule)
        return replace(found, left_out=(lost,))

    package = write_package(shapes_home, tmp_path, ["T16"], change=change)
    (line,) = cover(package)["Blocs non fournis"]
    assert line.startswith("T16.2 Qualité du service, selon Service × Année, par année : ")
    assert all(part in line for part in RULES[rule]), line
    assert "".join(line.split())[:80] in note_of(package)


def test_an_absent_row_is_explained_where_blocks_are_not_given(hidden, shapes_home, tmp_path):
    """With every block there it counts no case; of one that is not there it says nothing."""
    said = {
        name: json.loads((hidden.folder / f"{name}_2025_public.csv-metadata.json").read_text())
        for name in ("T04", "T16")
    }
    whole, partly = (said[name]["tables"][0]["dc:description"][0]["@value"] for name in said)
    assert whole.startswith("Une combinaison sans ligne ne compte aucun cas")
    assert "T16" not in whole
    assert "ne dit rien de leurs chiffres : T16.2 Qualité du service" in partly
    described = json.loads((hidden.folder / "datapackage.json").read_text(encoding="utf-8"))
    assert described["description"] == partly


@pytest.mark.parametrize("lang", ["fr", "nl"])
def test_a_statistic_without_any_block_is_told_and_not_counted(shapes_home, tmp_path, lang):
    """No "0 of 0 cells"; its files have a header, and the manifest says that it is not given."""
    package = write_package(
        shapes_home, tmp_path, ["T01", "T04"], lang=lang, change=lose_everything
    )
    assert package.left_out == ("T04",)
    said = cover(package)["Valeurs non montrées" if lang == "fr" else "Niet getoonde waarden"]
    expected = "T04 : rien n'est fourni" if lang == "fr" else "T04: niets geleverd"
    assert said[1].startswith(expected)
    assert not re.search(r"\b0 (sur|van)", " ".join(said[1:]))
    manifest = json.loads(package.manifest.read_text(encoding="utf-8"))
    assert [one["left_out"] for one in manifest["statistics"]] == [False, True]
    with package.tables[1].open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.reader(lines))) == 1
    assert "".join(said[1].split())[:20] in note_of(package)


def test_the_note_lists_every_file(hidden):
    note = note_of(hidden)
    names = files_of(hidden.folder)
    assert len(names) == 25
    assert [name for name in names if name not in note] == []


def test_names_stay_short_whatever_is_asked():
    every = [f"T{number:02}" for number in range(1, 17)]
    assert short_codes(every) == "T01--T16"
    assert short_codes(["T01", "T16"]) == "T01-T16"
    assert short_codes(["T01", "T02"]) == "T01-T02"
    assert short_codes(["T01", "T04", "T05", "T06", "T09"]) == "T01-T04--T06-T09"


def test_the_library_finds_every_description_valid(hidden, tmp_path):
    """As it checks files by itself, keys over columns that no file has included."""
    found = sorted(hidden.folder.glob("*-metadata.json"))
    assert len(found) == 5
    for path in found:
        assert csvw.CSVW(str(path), validate=True).is_valid, path.name


def test_the_library_can_find_a_description_wrong(hidden, tmp_path):
    for path in hidden.folder.glob("*.csv*"):
        content = path.read_text(encoding="utf-8")
        if path.name.startswith("T04"):
            content = content.replace("voluntary", "unheard")
        (tmp_path / path.name).write_text(content, encoding="utf-8")
    (path,) = tmp_path.glob("T04*-metadata.json")
    with pytest.raises(ValueError, match="unheard"):
        assert csvw.CSVW(str(path), validate=True).is_valid


def test_what_has_no_block_hides_no_other_statistic(shapes_home, tmp_path):
    """The signs of the other one are told as ever."""

    def change(cursor, statistic, cells):
        if statistic.code == "T16":
            hide(cursor, cells.table, "service = 'complaint'", "reason_few", "A")
        return lose_everything(cursor, statistic, cells)

    package = write_package(shapes_home, tmp_path, ["T04", "T16"], change=change)
    first, second = cover(package)["Valeurs non montrées"]
    assert first.startswith("T04 : rien")
    assert re.fullmatch(r"T16 : [1-9]\d* sur \d+ cellules .*", second)

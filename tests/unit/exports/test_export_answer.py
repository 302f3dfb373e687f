"""The whole way from a request to files on disk, on a small release."""

import csv
import hashlib
import json
import shutil

import openpyxl
import pytest

from exports.answer import answer
from exports.errors import (
    ExportError,
    UnknownPeriod,
    UnknownProfile,
    UnknownStatistic,
    UnprotectedCells,
)
from exports.package import files_of
from tests.unit.exports.small_release import build_release


@pytest.fixture(scope="module")
def package(home, tmp_path_factory):
    """T01 and T08 of 2025 for INASTI."""
    return answer(
        ["T01", "t08"], "2025", out=tmp_path_factory.mktemp("out"), home=home, profile="inasti"
    )


def rows_of(path):
    """All rows of a CSV as dictionaries."""
    with open(path, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def table_of(workbook, name):
    """Header and rows of the table of a sheet."""
    sheet = workbook[name]
    (table,) = sheet.tables.values()
    header, *rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return header, rows


def test_same_request_gives_same_bytes(home, package, tmp_path):
    """Two runs, two folders, in another order of codes: the same bytes."""
    again = answer(["T08", "T01", "T01"], "2025", out=tmp_path, home=home, profile="inasti")
    assert again.folder.name == package.folder.name
    names = files_of(package.folder)
    assert names == files_of(again.folder)
    for name in names:
        assert (again.folder / name).read_bytes() == (package.folder / name).read_bytes(), name


def test_asking_again_replaces_the_folder(home, tmp_path):
    """A second identical request leaves one folder and nothing half-written."""
    for _ in range(2):
        answer(["T08"], "2025", out=tmp_path, home=home, profile="inasti")
    assert len(list(tmp_path.iterdir())) == 1


def test_manifest_carries_versions_and_hashes(package):
    """Every file is in the manifest with its own hash; nothing else is in the folder."""
    manifest = json.loads(package.manifest.read_text(encoding="utf-8"))
    assert manifest["release_id"] == "2026-09-30_20261001T020000Z"
    assert manifest["business_date"] == "2026-09-30"
    assert (manifest["profile"], manifest["period"]) == ("inasti", "2025")
    assert manifest["code_version"] == "test-code"
    assert len(manifest["definition_version"]) == 16
    listed = {entry["name"]: entry["sha256"] for entry in manifest["files"]}
    present = set(files_of(package.folder))
    assert present == {*listed, "manifest.json", "manifest.sig.json"}
    for name, expected in listed.items():
        content = (package.folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == expected


def test_csv_has_every_cell_once_with_its_attributes(package):
    """The long form: declared columns, unique keys, constant attributes."""
    rows = rows_of(package.folder / "T01_2025_inasti.csv")
    assert list(rows[0]) == [
        "REF_PERIOD",
        "NATURE",
        "CATEGORY",
        "SEX",
        "RESIDENCE_LEVEL",
        "RESIDENCE_CODE",
        "MEASURE",
        "OBS_VALUE",
        "UNIT",
        "OBS_STATUS",
        "CONF_STATUS",
        "COUNT_BASIS",
        "SNAPSHOT_DATE",
    ]
    keys = [tuple(row.values())[:7] for row in rows]
    assert keys == sorted(set(keys))
    assert {row["REF_PERIOD"] for row in rows} == {"2025", "2025Q3", "2025Q4"}
    assert {row["SNAPSHOT_DATE"] for row in rows} == {"2026-09-30"}
    bases = {(row["REF_PERIOD"], row["COUNT_BASIS"]) for row in rows}
    assert bases == {("2025", "stock_31_12"), ("2025Q3", "stock_qend"), ("2025Q4", "stock_qend")}
    # Unsuppressed figures for INASTI are for internal use.
    assert {row["CONF_STATUS"] for row in rows} == {"N"}
    assert all(row["OBS_VALUE"].isdigit() for row in rows)


def test_money_has_two_decimals(package):
    """An amount is written with a point and two decimals whatever the release stores."""
    rows = rows_of(package.folder / "T08_2025_inasti.csv")
    amounts = [row["OBS_VALUE"] for row in rows if row["UNIT"] == "EUR"]
    assert amounts
    assert all(len(amount.rpartition(".")[2]) == 2 for amount in amounts)


def test_margins_shown_equal_the_sums_of_their_parts(package):
    """On a sheet the total of a breakdown is the sum of its parts, all others alike."""
    header, rows = table_of(openpyxl.load_workbook(package.workbook), "T01.1 année")
    value = header.index("Personnes (nombre)")
    codes = [place for place, label in enumerate(header) if label.endswith("(code)")]
    nature, category, sex = codes
    total = next(row for row in rows if {row[place] for place in codes} == {"_T"})[value]
    parts = [
        sum(row[value] for row in rows if row[one] != "_T" and row[other] == row[third] == "_T")
        for one, other, third in ((nature, category, sex), (sex, nature, category))
    ]
    assert parts == [total, total]


def test_levels_of_a_place_each_add_up(package):
    """Regions and provinces are two ways to cut the same total."""
    header, rows = table_of(openpyxl.load_workbook(package.workbook), "T01.2 année")
    value, level = header.index("Personnes (nombre)"), header.index("Niveau de résidence (code)")
    others = [header.index("Nature (code)"), header.index("Sexe (code)")]
    totals = [row for row in rows if all(row[place] == "_T" for place in others)]
    sums = {
        one: sum(row[value] for row in totals if row[level] == one)
        for one in ("_T", "REGION", "PROVINCE")
    }
    assert len(set(sums.values())) == 1


def test_a_part_is_shown_within_its_whole(package):
    """Categories stand within their nature: no empty crossing, no total that contradicts."""
    header, rows = table_of(openpyxl.load_workbook(package.workbook), "T01.1 année")
    nature, category = header.index("Nature (code)"), header.index("Catégorie (code)")
    pairs = {(row[nature], row[category]) for row in rows}
    assert ("complementary", "student") in pairs
    assert ("main", "student") not in pairs
    assert {part for whole, part in pairs if whole == "_T"} == {"_T"}


def test_workbook_says_what_it_is(package):
    """The cover names the request, the release and the versions; the properties too."""
    workbook = openpyxl.load_workbook(package.workbook)
    assert workbook.sheetnames == [
        "Couverture",
        "Sommaire",
        "Notes",
        "Définitions",
        "Codes",
        "T01.1 année",
        "T01.1 trimestre",
        "T01.2 année",
        "T01.2 trimestre",
        "T08.1 année",
        "T08.1 trimestre",
    ]
    cover = dict(table_of(workbook, "Couverture")[1])
    assert cover["Données arrêtées au"] == "30/09/2026"
    assert cover["Version des données"] == "2026-09-30_20261001T020000Z"
    assert cover["Période demandée"] == "année 2025"
    assert cover["Profil du destinataire"].startswith("INASTI")
    assert "T01-T08_2025_inasti" in workbook.properties.title


def test_names_of_files_say_what_they_are(package):
    """Sent alone, each still says which statistics, period, recipient and language."""
    names = set(files_of(package.folder))
    assert names == {
        "T01-T08_2025_inasti_fr.xlsx",
        "T01-T08_2025_inasti_note_fr.pdf",
        "T01_2025_inasti.csv",
        "T01_2025_inasti.csv-metadata.json",
        "T08_2025_inasti.csv",
        "T08_2025_inasti.csv-metadata.json",
        "codes.csv",
        "codes.csv-metadata.json",
        "datapackage.json",
        "dcat.json",
        "manifest.json",
        "manifest.sig.json",
        "sdmx/structure.xml",
        "sdmx/T01_2025_inasti_sdmx.csv",
        "sdmx/T01_2025_inasti_sdmx.xml",
        "sdmx/T08_2025_inasti_sdmx.csv",
        "sdmx/T08_2025_inasti_sdmx.xml",
    }
    assert {path.name for path in package.paths} < names


def test_dutch_workbook(home, tmp_path):
    """The sheets speak Dutch, the labels of the data too."""
    package = answer(["T08"], "2025", out=tmp_path, home=home, lang="nl", profile="inasti")
    workbook = openpyxl.load_workbook(package.workbook)
    assert workbook.sheetnames[:5] == ["Voorblad", "Inhoud", "Toelichting", "Definities", "Codes"]
    header, rows = table_of(workbook, "T08.1 jaar")
    assert header[0] == "Periode"
    assert header[5] == "Gevorderd (euro)"
    said = {cell for row in rows for cell in row}
    assert "Hoofdberoep" in said
    assert "Activité principale" not in said


def test_quarter_covers_its_own_rows_only(home, tmp_path):
    """2025Q3 does not bring the year."""
    package = answer(["T08"], "2025Q3", out=tmp_path, home=home, profile="inasti")
    assert {row["REF_PERIOD"] for row in rows_of(package.tables[0])} == {"2025Q3"}


@pytest.mark.parametrize(
    ("request_", "error", "named"),
    [
        ((["T99"], "2025", {}), UnknownStatistic, ["T99", "T01 (", "T08 ("]),
        ((["T99", "T01", "T98"], "2025", {}), UnknownStatistic, ["T99, T98 n'existent pas"]),
        (([], "2025", {}), UnknownStatistic, ["T01 (", "T08 ("]),
        ((["T01"], "2031", {}), UnknownPeriod, ["2031", "2024 … 2025", "2025Q3 … 2025Q4"]),
        (
            (["T08", "T01"], "2031", {}),
            UnknownPeriod,
            [
                "T01 (périodes disponibles : 2024 … 2025, ",
                "T08 (périodes disponibles : 2024 … 2025, ",
            ],
        ),
        ((["T01"], "soon", {}), UnknownPeriod, ["soon", "2025Q3"]),
        ((["T01"], "2025Q5", {}), UnknownPeriod, ["2025Q5"]),
        ((["T01"], "2025", {"profile": "press"}), UnknownProfile, ["inasti, spf, public"]),
        ((["T01"], "2025", {"lang": "en"}), ExportError, ["fr, nl"]),
    ],
)
def test_refused_requests_name_what_exists(home, tmp_path, request_, error, named):
    """One sentence, and nothing written."""
    codes, period, options = request_
    with pytest.raises(error) as caught:
        answer(codes, period, out=tmp_path / "out", home=home, **{"profile": "inasti", **options})
    message = str(caught.value)
    assert "\n" not in message
    assert all(part in message for part in named), message
    assert not (tmp_path / "out").exists()


def test_small_cells_are_refused_outside_inasti(tmp_path):
    """With 8 persons nearly all cells count 1 to 4 of them: a table of blanks is no answer."""
    build_release(tmp_path / "home", persons=8)
    for profile in ("spf", "public"):
        with pytest.raises(UnprotectedCells, match=r"T01 .* vides") as caught:
            answer(["T01"], "2025", out=tmp_path / "out", home=tmp_path / "home", profile=profile)
        # What to ask instead is never the recipient whom nothing is hidden from.
        assert "période plus longue" in str(caught.value)
        assert "inasti" not in str(caught.value)
    assert not (tmp_path / "out").exists()
    inside = answer(["T01"], "2025", out=tmp_path / "out", home=tmp_path / "home", profile="inasti")
    assert inside.workbook.is_file()
    shutil.rmtree(inside.folder)


def test_a_table_without_small_cells_may_leave(tmp_path):
    """With many persons in every cell the public gets it, marked as free."""
    build_release(tmp_path / "home", persons=4000)
    package = answer(
        ["T01", "T08"], "2025", out=tmp_path / "out", home=tmp_path / "home", profile="public"
    )
    assert {row["CONF_STATUS"] for row in rows_of(package.tables[0])} == {"F"}


def test_without_a_profile_it_is_for_the_public(tmp_path):
    """What may leave to anybody is what nobody has to ask for (H8)."""
    build_release(tmp_path / "home", persons=8)
    with pytest.raises(UnprotectedCells, match="public"):
        answer(["T01"], "2025", out=tmp_path / "out", home=tmp_path / "home")

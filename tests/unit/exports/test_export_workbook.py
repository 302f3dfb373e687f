"""The checklist of an accessible workbook, and its figures against the CSV and the release."""

import csv
import json
import zipfile

import openpyxl
import pytest

from exports.signs import SIGNS
from release.reader import open_release
from tests.unit.exports.other_shapes import SERVICES, build_shapes, write_package

FRONT = {
    "fr": ["Couverture", "Sommaire", "Notes", "Définitions", "Codes"],
    "nl": ["Voorblad", "Inhoud", "Toelichting", "Definities", "Codes"],
}
CODE = {"fr": "(code)", "nl": "(code)"}


@pytest.fixture(scope="module", params=["fr", "nl"])
def package(request, shapes_home, tmp_path_factory):
    """(language, package) with hidden cells and a block that is left out."""
    out = tmp_path_factory.mktemp(request.param)
    codes = ["T01", "T04", "T08", "T16"]
    return request.param, write_package(shapes_home, out, codes, lang=request.param)


@pytest.fixture(scope="module")
def workbook(package):
    """(language, workbook as openpyxl reads it)."""
    return package[0], openpyxl.load_workbook(package[1].workbook)


def table_of(sheet):
    """(header, rows) of the one table of a sheet."""
    (table,) = sheet.tables.values()
    rows = [[cell.value for cell in row] for row in sheet[table.ref]]
    return rows[0], rows[1:]


def rows_of(path):
    """All rows of a CSV as dictionaries."""
    with open(path, encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def test_each_sheet_holds_one_table_that_is_marked_as_one(workbook):
    """And nothing beside it: a title in A1, lines in column A, then the table to the last cell."""
    _, book = workbook
    for sheet in book:
        (table,) = sheet.tables.values()
        left, top, right, bottom = openpyxl.utils.range_boundaries(table.ref)
        assert (left, right, bottom) == (1, sheet.max_column, sheet.max_row), sheet.title
        assert isinstance(sheet["A1"].value, str), sheet.title
        for row in range(1, top):
            assert sheet.cell(row, 1).value, (sheet.title, row)
            assert all(sheet.cell(row, column).value is None for column in range(2, right + 1))
        assert table.autoFilter.ref == table.ref
        assert table.tableStyleInfo.name


def test_table_names_and_sheet_names_are_unique(workbook):
    _, book = workbook
    names = [table for sheet in book for table in sheet.tables]
    assert len(set(map(str.casefold, names))) == len(names)
    assert len(set(map(str.casefold, book.sheetnames))) == len(book.sheetnames)


def test_nothing_is_merged_and_no_cell_of_a_table_is_blank(workbook):
    _, book = workbook
    for sheet in book:
        assert not sheet.merged_cells.ranges
        _, rows = table_of(sheet)
        assert rows, sheet.title
        blank = [(sheet.title, row) for row in rows if any(value in (None, "") for value in row)]
        assert blank == []
        assert not any(dimension.hidden for dimension in sheet.column_dimensions.values())
        assert not any(dimension.hidden for dimension in sheet.row_dimensions.values())


def test_headers_are_texts_and_unique(workbook):
    _, book = workbook
    for sheet in book:
        header, _ = table_of(sheet)
        assert all(isinstance(label, str) and label.strip() == label for label in header)
        assert len(set(map(str.casefold, header))) == len(header), sheet.title


def test_no_cell_is_a_formula(workbook):
    """A label that begins with = stays a text."""
    _, book = workbook
    found = [c for sheet in book for row in sheet for c in row if c.data_type == "f"]
    assert found == []
    said = {cell.value for row in book["T04.1 " + _year(workbook)] for cell in row}
    assert {"=1+1 Début", "=1+1 Start"} & said


def _year(workbook) -> str:
    return {"fr": "année", "nl": "jaar"}[workbook[0]]


def test_numbers_are_numbers(workbook):
    """But for codes, which keep their zeros, and signs, no text of a table reads as a number."""
    lang, book = workbook
    for sheet in book:
        header, rows = table_of(sheet)
        for place, label in enumerate(header):
            if label.endswith(CODE[lang]) or (sheet.title == "Codes" and place > 0):
                continue
            wrong = [row[place] for row in rows if _is_number_as_text(row[place])]
            assert wrong == [], (sheet.title, label)


def _is_number_as_text(value) -> bool:
    if not isinstance(value, str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def test_the_file_says_its_language_title_and_date(package):
    lang, made = package
    with zipfile.ZipFile(made.workbook) as opened:
        core = opened.read("docProps/core.xml").decode()
    assert f"<dc:language>{lang}-BE</dc:language>" in core
    properties = openpyxl.load_workbook(made.workbook).properties
    assert properties.language == f"{lang}-BE"
    assert properties.created.isoformat() == "2026-10-01T02:00:00"
    assert properties.title
    assert properties.creator


def test_header_stays_in_view_on_screen_and_paper(workbook):
    _, book = workbook
    for sheet in book:
        (table,) = sheet.tables.values()
        _, top, _, _ = openpyxl.utils.range_boundaries(table.ref)
        assert sheet.freeze_panes == f"B{top + 1}"
        assert sheet.print_title_rows == f"${top}:${top}"
        _, last = sheet.print_area.split(":")
        assert sheet.print_area.partition("!")[2].startswith("$A$1:")
        assert last.rpartition("$")[2] == str(sheet.max_row)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_sheets_are_found_from_the_contents_and_lead_back(workbook):
    """The first sheets explain; every table names its notes, which exist."""
    lang, book = workbook
    assert book.sheetnames[:5] == FRONT[lang]
    contents, notes = book[FRONT[lang][1]], book[FRONT[lang][2]]
    linked = {c.hyperlink.location for row in contents for c in row if c.hyperlink}
    assert linked == {f"'{name}'!A1" for name in book.sheetnames}
    _, rows = table_of(contents)
    assert [row[0] for row in rows] == book.sheetnames
    assert [row[2] for row in rows] == [len(table_of(sheet)[1]) for sheet in book]
    written = {row[0] for row in table_of(notes)[1]}
    for sheet in book.worksheets[5:]:
        above = {c.hyperlink.location: c.value for row in sheet for c in row if c.hyperlink}
        assert set(above) == {f"'{contents.title}'!A1", f"'{notes.title}'!A1"}
        named = above[f"'{notes.title}'!A1"]
        code = sheet.title.partition(".")[0]
        last = max(
            (name for name in written if name.startswith(f"{code}-")),
            key=lambda name: int(name.split("-")[1]),
        )
        assert f"{code}-1" in named
        assert last in named
        assert "G-1" in named


def test_the_language_asked_for_is_the_only_one(workbook):
    """The other one is in the last columns of the codes, and nowhere else."""
    lang, book = workbook
    foreign = {"fr": ["Périodes", "Personnes"], "nl": ["Perioden", "Personen"]}
    other = foreign["nl" if lang == "fr" else "fr"]
    for sheet in book:
        if sheet.title == "Codes":
            continue
        said = " ".join(str(c.value) for row in sheet for c in row if isinstance(c.value, str))
        assert not [word for word in other if word in said], sheet.title
    _, rows = table_of(book["Codes"])
    labels = next(row for row in rows if row[1] == "02000")
    expected = ["Région flamande", "Vlaams Gewest"]
    assert labels[2:4] == (expected if lang == "fr" else expected[::-1])
    total = next(row for row in rows if row[1] == "_T")
    assert set(total[2:4]) == {"Total", "Totaal"}


def test_a_sheet_holds_one_frequency(workbook):
    """A year beside its quarters in one column would be added up twice."""
    _, book = workbook
    for sheet in book.worksheets[5:]:
        _, rows = table_of(sheet)
        assert len({len(str(row[0])) for row in rows}) == 1, sheet.title
    lengths = {len(str(table_of(sheet)[1][0][0])) for sheet in book.worksheets[5:]}
    assert lengths == {4, 6, 7}


def test_signs_tell_what_is_not_there(hidden):
    """Confidential, without sense, unknown and zero: four things, four ways to say it; the line
    above a table names the signs that the table uses and no other.
    """
    book = openpyxl.load_workbook(hidden.workbook)
    header, rows = table_of(book["T16.1 année"])
    at = {label: place for place, label in enumerate(header)}
    by_place = {(row[at["Service (code)"]], row[at["Province (code)"]]): row for row in rows}
    rate, cost, items = at["Dans les délais (%)"], at["Coût (euros)"], at["Dossiers (nombre)"]
    judged = at["Jugés (dossiers)"]
    assert by_place["question", "10000"][items] == "c"
    assert by_place["question", "10000"][rate] == "c"
    assert by_place["complaint", "10000"][judged] == 0
    assert by_place["complaint", "10000"][rate] == "z"
    assert by_place["question", "50000"][cost] == ":"
    assert by_place["question", "50000"][rate] == "z"
    assert by_place["question", "_T"][at["Province"]] == "Total"
    assert by_place["complaint", "10000"][cost] == 0
    status = at["OBS_STATUS Dans les délais"]
    assert by_place["question", "10000"][status] == "Q"
    assert by_place["complaint", "10000"][status] == "M"
    assert by_place["question", "50000"][at["OBS_STATUS Coût"]] == "O"
    assert by_place["question", "10000"][at["CONF_STATUS Dossiers"]] == "A"
    for sheet in book.worksheets[5:]:
        header, rows = table_of(sheet)
        used = {value for row in rows for value in row if value in SIGNS.values()}
        (said,) = [c.value for c in sheet["A"][:7] if str(c.value).startswith(("Signes", "Aucun"))]
        named = {sign for sign in SIGNS.values() if f"« {sign} » =" in said}
        assert named == used, sheet.title
        assert "vrai zéro" in said
        # What is hidden has a row and a sign: an absent row means one thing.
        assert said.endswith("une combinaison qui n'a pas de ligne ne compte aucun cas.")
    legend = table_of(book["Notes"])[1][0][2]
    assert all(f"« {sign} » =" in legend for sign in SIGNS.values())


def test_a_rate_without_base_is_not_told_when_the_base_is_hidden(shapes_home, tmp_path):
    """That it does not exist would say that its base is 0."""

    def hide_base(cursor, statistic, cells):
        cursor.execute(
            f"update {cells.table} set obs_value = null, obs_status = 'Q', conf_status = 'A'"
            " where measure = 'judged_items' and service = 'complaint'"
        )
        return cells

    made = write_package(shapes_home, tmp_path, ["T16"], change=hide_base)
    header, rows = table_of(openpyxl.load_workbook(made.workbook)["T16.1 année"])
    service, rate = header.index("Service (code)"), header.index("Dans les délais (%)")
    assert {row[rate] for row in rows if row[service] == "complaint"} == {"c"}


def test_a_measure_that_never_exists_at_a_code_is_not_confidential(tmp_path):
    """Complaints have no rate at all: what is hidden beside it does not make a secret of it."""
    meta = SERVICES["measures"][-1]
    meta["only"] = {"service": ["question"]}
    try:
        build_shapes(tmp_path / "home")
    finally:
        del meta["only"]

    def hide_base(cursor, statistic, cells):
        cursor.execute(
            f"update {cells.table} set obs_value = null, obs_status = 'Q', conf_status = 'A'"
            " where service = 'complaint' and measure <> 'in_time_pct'"
        )
        return cells

    made = write_package(tmp_path / "home", tmp_path, ["T16"], change=hide_base)
    header, rows = table_of(openpyxl.load_workbook(made.workbook)["T16.1 année"])
    asked = ("Dossiers (nombre)", "Dans les délais (%)", "CONF_STATUS Dans les délais")
    base, rate, conf = (header.index(name) for name in asked)
    complaints = [row for row in rows if row[header.index("Service (code)")] == "complaint"]
    assert {(row[base], row[rate], row[conf]) for row in complaints} == {("c", "z", "F")}


def test_what_is_hidden_is_hidden_whatever_the_table_holds(shapes_home, tmp_path):
    """A value that protection forgot to take away does not leave."""

    def forget(cursor, statistic, cells):
        cursor.execute(f"update {cells.table} set obs_status = 'Q', conf_status = 'C'")
        return cells

    made = write_package(shapes_home, tmp_path, ["T04"], change=forget)
    assert {row["OBS_VALUE"] for row in rows_of(made.tables[0])} == {""}
    header, rows = table_of(openpyxl.load_workbook(made.workbook)["T04.1 année"])
    assert {row[header.index("Événements (nombre)")] for row in rows} == {"c"}


def test_a_block_left_out_has_no_sheet_and_says_why(hidden):
    """The cover and the notes name it; its cells that another block has are there."""
    book = openpyxl.load_workbook(hidden.workbook)
    assert [name for name in book.sheetnames if name.startswith("T16")] == [
        "T16.1 année",
        "T16.1 trimestre",
    ]
    for name in ("Couverture", "Notes"):
        said = [row[-1] for row in table_of(book[name])[1]]
        (line,) = [one for one in said if "T16.2" in one]
        assert line.startswith("T16.2 Qualité du service, selon Service × Année, par année : ")
        assert "4 de ses 6 cellules (66,7 %) ne peuvent pas être montrées" in line
        assert "au-delà de 60 %" in line
    manifest = json.loads(hidden.manifest.read_text(encoding="utf-8"))
    assert manifest["statistics"][3]["blocks_left_out"] == ["T16.2"]
    assert manifest["statistics"][3]["hidden_cells"] > 0


def test_workbook_csv_and_release_hold_the_same_values(shapes_home, package):
    """Cell by cell, both ways: every sheet in the CSV, every cell of the CSV in a sheet."""
    _, made = package
    book = openpyxl.load_workbook(made.workbook)
    manifest = json.loads(made.manifest.read_text(encoding="utf-8"))
    cursor = open_release(shapes_home).cursor()
    for one in manifest["statistics"]:
        dimensions, measures = one["dimensions"], [m["name"] for m in one["measures"]]
        written = {
            (row["REF_PERIOD"], *(row[d.upper()] for d in dimensions), row["MEASURE"]): row
            for row in rows_of(made.folder / one["file"])
        }
        columns = ", ".join(f'"{name}"' for name in ("ref_period", *dimensions, "measure"))
        held = {
            tuple(row[:-1]): row[-1]
            for row in cursor.execute(
                f"select {columns}, obs_value from statistics.stat_{one['code'].lower()}"
            ).fetchall()
        }
        shown = {key: row for key, row in written.items() if row["OBS_STATUS"] == "A"}
        assert shown
        for key, row in shown.items():
            assert float(row["OBS_VALUE"]) == pytest.approx(float(held[key]), abs=1e-9), key
        seen = set()
        for name in book.sheetnames:
            if name.startswith(one["code"]):
                seen |= _compare(book[name], one, measures, written)
        assert seen == set(written)


def _compare(sheet, one, measures, written) -> set:
    """Compare the cells of a sheet with those of the CSV; return the keys that it has."""
    header, rows = table_of(sheet)
    codes = [place for place, label in enumerate(header) if label.endswith("(code)")]
    statuses = [place for place, label in enumerate(header) if label.startswith("OBS_STATUS")]
    confidential = [p for p, label in enumerate(header) if label.startswith("CONF_STATUS")]
    first = statuses[0] - len(statuses)
    dimensions = DIMENSIONS[sheet.title.split()[0]].split()
    assert (len(codes), len(statuses)) == (len(dimensions), len(measures))
    seen = set()
    for row in rows:
        given = dict(zip(dimensions, (row[place] for place in codes), strict=True))
        for place, measure in enumerate(measures):
            key = (str(row[0]), *(given.get(d, "_T") for d in one["dimensions"]), measure)
            value, status = row[first + place], row[statuses[place]]
            if key not in written:
                assert (value, status) == ("z", "M"), key
                continue
            seen.add(key)
            assert status == written[key]["OBS_STATUS"]
            assert row[confidential[place]] == written[key]["CONF_STATUS"]
            if status == "A":
                assert value == pytest.approx(float(written[key]["OBS_VALUE"]), abs=1e-9)
            else:
                assert value == SIGNS[status]
                assert written[key]["OBS_VALUE"] == ""
    return seen


DIMENSIONS = {
    "T01.1": "nature category sex",
    "T01.2": "nature sex residence_level residence_code",
    "T04.1": "flow flow_type sex",
    "T08.1": "nature claim_type",
    "T16.1": "service region province",
}

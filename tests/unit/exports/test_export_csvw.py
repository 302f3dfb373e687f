"""The metadata of the CSVs: the rules of the W3C model that we use, and a library that knows it."""

import csv
import json
import re

import csvw
import pytest

NUMBERS = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@pytest.fixture(scope="module", params=["T01", "T04", "T08", "T16", "codes"])
def described(request, hidden):
    """(path, metadata, table, header, rows) of each CSV of a package with hidden cells."""
    (path,) = hidden.folder.glob(f"{request.param}*.csv")
    said = json.loads((hidden.folder / f"{path.name}-metadata.json").read_text(encoding="utf-8"))
    tables = said.get("tables", [said])
    table = next(one for one in tables if one["url"] == path.name)
    with open(path, encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    return path, said, table, header, rows


def test_every_csv_has_metadata_of_its_name(hidden):
    """Named as a program looks for it, and in the manifest like any file."""
    manifest = json.loads(hidden.manifest.read_text(encoding="utf-8"))
    listed = {entry["name"] for entry in manifest["files"]}
    files = {path.name for path in hidden.folder.glob("*.csv")}
    assert len(files) == 5
    assert {f"{name}-metadata.json" for name in files} <= listed


def test_columns_are_those_of_the_file(described):
    """In its order, each with its header as a title of no language and a name in both; columns
    that are not in the file come after those that are.
    """
    _, said, table, header, _ = described
    assert said["@context"][0] == "http://www.w3.org/ns/csvw"
    columns = table["tableSchema"]["columns"]
    real = [column for column in columns if not column.get("virtual")]
    assert columns[: len(real)] == real
    assert [column["name"] for column in real] == header
    for column in real:
        assert column["titles"]["und"] == column["name"]
        assert column["titles"]["fr"]
        assert column["titles"]["nl"]
        assert re.fullmatch(r"[A-Z0-9_]+", column["name"])


def test_values_are_of_their_type(described):
    """A value of every row is what its column says; only a value or a count basis may be empty."""
    _, _, table, header, rows = described
    for place, column in enumerate(c for c in table["tableSchema"]["columns"] if "titles" in c):
        values = [row[place] for row in rows]
        filled = [value for value in values if value]
        assert header[place] == column["name"]
        if column.get("required"):
            assert len(filled) == len(values), column["name"]
        kind = column["datatype"]
        if kind == "decimal":
            assert all(NUMBERS.fullmatch(value) for value in filled)
        elif kind == "date":
            assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", value) for value in filled)
        elif isinstance(kind, dict) and kind["base"] == "boolean":
            assert set(filled) <= {"true", "false"}
        elif isinstance(kind, dict):
            assert all(re.fullmatch(kind["format"], value) for value in filled)


def test_the_primary_key_names_a_row(described):
    _, _, table, header, rows = described
    places = [header.index(name) for name in table["tableSchema"]["primaryKey"]]
    keys = [tuple(row[place] for place in places) for row in rows]
    assert len(set(keys)) == len(keys)


def test_every_code_is_explained_in_its_list(described):
    """A foreign key is a list, which is the same in every row, and the code of the row."""
    path, _, table, header, rows = described
    if path.name == "codes.csv":
        assert "foreignKeys" not in table["tableSchema"]
        return
    with open(path.parent / "codes.csv", encoding="utf-8", newline="") as opened:
        known = {(row["LIST"], row["CODE"]) for row in csv.DictReader(opened)}
    lists = {c["name"]: c["default"] for c in table["tableSchema"]["columns"] if c.get("virtual")}
    keys = table["tableSchema"]["foreignKeys"]
    coded = {column for key in keys for column in key["columnReference"]}
    assert set(header) - coded == {"REF_PERIOD", "OBS_VALUE", "SNAPSHOT_DATE"}
    for key in keys:
        list_column, column = key["columnReference"]
        assert key["reference"] == {"resource": "codes.csv", "columnReference": ["LIST", "CODE"]}
        place = header.index(column)
        used = {(lists[list_column], row[place]) for row in rows if row[place]}
        assert used <= known, column


def test_an_empty_value_says_why(described):
    """A value is empty exactly where its status is not A, and three statuses tell why apart."""
    path, _, _, header, rows = described
    if path.name == "codes.csv":
        return
    value, status = header.index("OBS_VALUE"), header.index("OBS_STATUS")
    assert all((row[value] == "") == (row[status] in {"Q", "M", "O"}) for row in rows)
    if path.name.startswith("T16"):
        assert {row[status] for row in rows} == {"A", "Q", "O", "M"}
        assert any(float(row[value] or 1) == 0 for row in rows)


def test_a_library_of_the_model_reads_it(hidden, tmp_path):
    """Types, required columns, primary and foreign keys as csvw checks them. It fills a virtual
    column from its URL and not from its default: that is said to it here.
    """
    for path in hidden.folder.glob("T*.csv"):
        said = json.loads((hidden.folder / f"{path.name}-metadata.json").read_text("utf-8"))
        for column in said["tables"][0]["tableSchema"]["columns"]:
            if column.get("virtual"):
                column["valueUrl"] = column["default"]
        for table in said["tables"]:
            (tmp_path / table["url"]).write_bytes((hidden.folder / table["url"]).read_bytes())
        metadata = tmp_path / f"{path.name}-metadata.json"
        metadata.write_text(json.dumps(said), encoding="utf-8")
        group = csvw.TableGroup.from_file(metadata)
        assert len(group.tables) == 2
        for table in group.tables:
            assert table.check_primary_key()
            assert list(table.iterdicts(strict=True))
        assert group.check_referential_integrity()


def test_the_library_notices_a_code_that_is_not_listed(hidden, tmp_path):
    """The check above can fail."""
    (path,) = hidden.folder.glob("T04*.csv")
    said = json.loads((hidden.folder / f"{path.name}-metadata.json").read_text("utf-8"))
    for column in said["tables"][0]["tableSchema"]["columns"]:
        if column.get("virtual"):
            column["valueUrl"] = column["default"]
    content = path.read_text(encoding="utf-8").replace("voluntary", "unheard")
    (tmp_path / path.name).write_text(content, encoding="utf-8")
    (tmp_path / "codes.csv").write_bytes((hidden.folder / "codes.csv").read_bytes())
    metadata = tmp_path / f"{path.name}-metadata.json"
    metadata.write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(ValueError, match="unheard"):
        csvw.TableGroup.from_file(metadata).check_referential_integrity()

"""Every format of a package carries the same cells: the same value, the same two signs. Read back
by the programs that others use: openpyxl, csv, pysdmx.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal

import openpyxl
import pytest
from pysdmx.io import get_datasets

from exports.sdmx.model import code_id
from tests.unit.exports.other_shapes import write_package

SIGNS = {"c": "Q", "z": "M", ":": "O"}


@pytest.fixture(scope="module", params=["fr", "nl"])
def package(request, shapes_home, tmp_path_factory):
    out = tmp_path_factory.mktemp(f"formats_{request.param}")
    return write_package(shapes_home, out, ["T01", "T04", "T08", "T16"], lang=request.param)


@pytest.fixture(scope="module")
def statistics(package):
    return json.loads(package.manifest.read_text(encoding="utf-8"))["statistics"]


def long_cells(package, statistic) -> dict:
    """(period, codes, measure) → (value as text or "", OBS_STATUS, CONF_STATUS)."""
    names = [*map(str.upper, statistic["dimensions"])]
    with open(package.folder / statistic["file"], encoding="utf-8", newline="") as opened:
        rows = list(csv.DictReader(opened))
    found = {
        (row["REF_PERIOD"], *(code_id(row[name]) for name in names), row["MEASURE"]): (
            row["OBS_VALUE"],
            row["OBS_STATUS"],
            row["CONF_STATUS"],
        )
        for row in rows
    }
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize("ending", ["csv", "xml"])
def test_sdmx_has_the_cells_of_the_csv(package, statistics, ending):
    for statistic in statistics:
        stem = statistic["file"].removesuffix(".csv")
        keys = [*map(str.upper, statistic["dimensions"]), "MEASURE"]
        data = rows_of(package.folder / "sdmx" / f"{stem}_sdmx.{ending}")
        found = {
            (row["TIME_PERIOD"].replace("-Q", "Q"), *(row[name] for name in keys)): (
                row["OBS_VALUE"],
                row["OBS_STATUS"],
                row["CONF_STATUS"],
            )
            for row in data
        }
        assert len(found) == len(data)
        assert found == long_cells(package, statistic)


def rows_of(path) -> list[dict[str, str]]:
    """The observations of a file of SDMX, as texts (of a CSV the library makes numbers)."""
    if path.suffix == ".csv":
        with open(path, encoding="utf-8", newline="") as opened:
            return list(csv.DictReader(opened))
    (read,) = get_datasets(str(path))
    return read.data.fillna("").to_dict(orient="records")


def test_the_workbook_has_the_cells_of_the_csv(package, statistics):
    """A sheet shows a rate that cannot be, which the CSV leaves out; every cell of the CSV stands
    in a sheet.
    """
    book = openpyxl.load_workbook(package.workbook)
    for statistic in statistics:
        long, seen = long_cells(package, statistic), set()
        for table in statistic["tables"]:
            for key, value, status, conf in sheet_cells(book[table["sheet"]], table, statistic):
                if key not in long:
                    assert value in SIGNS, key
                    assert SIGNS[value] == status != "A"
                    continue
                seen.add(key)
                written, *signs = long[key]
                assert signs == [status, conf], key
                if written:
                    assert abs(Decimal(written) - Decimal(str(value))) < Decimal("1e-9"), key
                else:
                    assert SIGNS[value] == status, key
        assert seen == set(long)


def sheet_cells(sheet, table, statistic):
    """(key, value, OBS_STATUS, CONF_STATUS) of every cell of a sheet, by its marked table."""
    (marked,) = sheet.tables.values()
    _, *rows = [[cell.value for cell in row] for row in sheet[marked.ref]]
    measures = [one["name"] for one in table["measures"]]
    width, first = len(measures), 1 + 2 * len(table["columns"])
    axes = {name for axis in table["axes"] for name in axis["dimensions"]}
    for row in rows:
        period = str(row[0])
        codes = dict(zip(table["columns"], row[2:first:2], strict=True))
        # What repeats the period in every row has no column.
        key = [
            codes.get(name, period if name in axes else "_T") for name in statistic["dimensions"]
        ]
        for place, measure in enumerate(measures):
            value, status, conf = (row[first + place + step * width] for step in range(3))
            yield (period, *map(code_id, key), measure), value, status, conf


def test_there_is_something_to_compare(package, statistics):
    """Hidden cells, rates that cannot be, months, and a block that is left out."""
    every = [cell for one in statistics for cell in long_cells(package, one).values()]
    assert {status for _, status, _ in every} == {"A", "Q", "M", "O"}
    assert any(one["blocks_left_out"] for one in statistics)
    assert len(every) > 500


def test_control_totals_are_the_sums_of_what_is_shown(package, statistics):
    """Added up anew from the CSV, by the breakdowns that a table has."""
    for statistic in statistics:
        long = long_cells(package, statistic)
        units = {one["name"]: one["unit"] for one in statistic["measures"]}
        for table in statistic["tables"]:
            axes = {name for axis in table["axes"] for name in axis["dimensions"]}
            for measure in table["measures"]:
                mine = [
                    cell
                    for key, cell in long.items()
                    if key[-1] == measure["name"]
                    and key[0] in table["ref_periods"]
                    and _is_of(table, dict(zip(statistic["dimensions"], key[1:-1], strict=True)))
                    and all(
                        code == "_T"
                        for name, code in zip(statistic["dimensions"], key[1:-1], strict=True)
                        if name not in axes
                    )
                ]
                assert measure["cells"] == len(mine)
                assert measure["hidden_cells"] == sum(cell[1] == "Q" for cell in mine)
                if units[measure["name"]] == "PCT":
                    assert measure["total"] is None
                else:
                    total = sum(Decimal(cell[0] or 0) for cell in mine)
                    assert Decimal(measure["total"]) == total


def _is_of(table, codes) -> bool:
    for axis in table["axes"]:
        first = codes[axis["dimensions"][0]]
        if axis["levels"] and first not in (*axis["levels"], "_T"):
            return False
        if not axis["levels"] and not axis["has_total"] and first == "_T":
            return False
    return True

"""The figures of a package: what they add up to, the same in every format, as SDMX wants them.

Belongs here: these three. Does not belong here: reading the files (reading.py), what the figures
give away (disclosure.py).
"""

from decimal import Decimal

import duckdb
from pysdmx.io import read_sdmx
from pysdmx.model import DataStructureDefinition

from exports.names import SDMX, STRUCTURE
from exports.sdmx.conformance import faults
from exports.signs import HIDDEN
from exports.verify.case import Case
from exports.verify.check import Check, ok, some, wrong
from exports.verify.faults import reading
from exports.verify.reading import (
    keys_of,
    load_long,
    load_sdmx_csv,
    load_sdmx_xml,
    load_workbook,
    sdmx_columns,
    sdmx_name,
    sheets_of,
)

_PLACES = Decimal("0.000001")


def check_totals(case: Case, connection: duckdb.DuckDBPyConnection) -> Check:
    """The CSVs have the rows that the manifest counts, and add up to its control totals."""
    rows = {one["name"]: one["rows"] for one in case.manifest["files"]}
    count = 0
    for statistic in case.statistics:
        table = load_long(connection, case, statistic)
        cells, hidden = connection.execute(
            f"select count(*), count(*) filter (where obs_status = '{HIDDEN}') from {table}"
        ).fetchone()
        said = (statistic["cells"], statistic["hidden_cells"], rows[statistic["file"]])
        if (cells, hidden, cells) != said:
            return wrong("totals", "rows", name=statistic["file"])
        for sheet in statistic["tables"]:
            found = _totals(connection, table, statistic, sheet)
            for measure in sheet["measures"]:
                cells, hidden, total = found.get(measure["name"], (0, 0, Decimal(0)))
                told = measure["total"]
                same = told is None or Decimal(told).quantize(_PLACES) == total
                if (cells, hidden) != (measure["cells"], measure["hidden_cells"]) or not same:
                    name = f"{sheet['block']} {sheet['frequency']} {measure['name']}"
                    return wrong("totals", "sum", name=name)
                count += 1
    return ok("totals", count=count)


def _totals(connection, table: str, statistic: dict, sheet: dict) -> dict:
    found = connection.execute(
        f"""
        select measure, count(*), count(*) filter (where obs_status = '{HIDDEN}'),
            coalesce(sum(cast(value as decimal(38, 6))), 0)
        from {table} where {where_sheet(statistic, sheet)}
        group by measure"""
    ).fetchall()
    return {measure: tuple(rest) for measure, *rest in found}


def where_sheet(statistic: dict, sheet: dict) -> str:
    """SQL for the cells of a sheet: of its periods, its breakdowns, its measures."""
    axes = {name for axis in sheet["axes"] for name in axis["dimensions"]}
    tests = [f"\"{name}\" = '_T'" for name in statistic["dimensions"] if name not in axes]
    for axis in sheet["axes"]:
        whole = axis["dimensions"][0]
        if whole not in statistic["dimensions"]:
            raise KeyError(whole)
        if axis["levels"]:
            tests.append(f'"{whole}" in ({_listed(["_T", *axis["levels"]])})')
        elif not axis["has_total"]:
            tests.append(f"\"{whole}\" <> '_T'")
    measures = _listed([one["name"] for one in sheet["measures"]])
    periods = _listed(sheet["ref_periods"])
    return " and ".join([f"measure in ({measures})", f"period in ({periods})", *tests])


def _listed(texts: list[str]) -> str:
    return ", ".join("'" + one.replace("'", "''") + "'" for one in texts)


def check_formats(case: Case, connection: duckdb.DuckDBPyConnection) -> Check:
    """Every cell has the same value and the same signs in all formats."""
    sheets = sheets_of(case)
    cells = 0
    for statistic in case.statistics:
        long = load_long(connection, case, statistic)
        cells += connection.execute(f"select count(*) from {long}").fetchone()[0]
        for load, name in ((load_sdmx_csv, ".csv"), (load_sdmx_xml, ".xml")):
            table = load(connection, case, statistic)
            differing = _differing(connection, long, table, statistic)
            if differing:
                named = sdmx_name(statistic, name)
                return wrong("formats", "differ", name=named, count=differing)
        book = load_workbook(connection, sheets, statistic)
        differing = _differing_in_book(connection, long, book, statistic)
        if differing:
            return wrong("formats", "differ", name=f"xlsx {statistic['code']}", count=differing)
    return ok("formats", cells=cells)


def _differing(connection, long: str, table: str, statistic: dict) -> int:
    """Cells of one table that the other has not, twice, or otherwise; texts as they stand."""
    names = [*(f'"{one}"' for one in keys_of(statistic)), "value", "obs_status", "conf_status"]
    columns = ", ".join([*names, "unit", "basis"])
    (count,) = connection.execute(
        f"""
        select count(*) from (
            (select {columns} from {long} except all select {columns} from {table})
            union all
            (select {columns} from {table} except all select {columns} from {long})
        )"""
    ).fetchone()
    return count


def _differing_in_book(connection, long: str, book: str, statistic: dict) -> int:
    """Cells that a workbook shows otherwise, or not at all. It has more of them: what the others
    leave out has no value there.
    """
    keys = ", ".join(f'"{one}"' for one in keys_of(statistic))
    (count,) = connection.execute(
        f"""
        select count(*)
        from {long} as long full join {book} as book using ({keys})
        where case
            when long.id is null then book.value is not null or book.obs_status = 'A'
            when book.obs_status is null then true
            else long.obs_status <> book.obs_status or long.conf_status <> book.conf_status
                or (long.value is null) <> (book.value is null)
                or abs(cast(long.value as double) - book.value)
                    > 1e-9 + 1e-13 * abs(book.value)
            end"""
    ).fetchone()
    return count


def check_structure(case: Case, connection: duckdb.DuckDBPyConnection) -> Check:
    """The data of SDMX conform to the structure that comes with them."""
    with reading("xml", STRUCTURE):
        held = read_sdmx(str(case.folder / SDMX / STRUCTURE), validate=False).structures
    structures = {one.id: one for one in held if isinstance(one, DataStructureDefinition)}
    for statistic in case.statistics:
        components = structures[statistic["code"]].components
        table = f"read_{sdmx_name(statistic, '')[len(SDMX) + 1 :]}".replace("-", "_").lower()
        names = ", ".join(f'"{name}"' for name in sdmx_columns(statistic))
        load_sdmx_csv(connection, case, statistic)
        rows = connection.execute(f'select {names} from "{table}"').df()
        found = faults(rows, components, case.lang)
        if found:
            return wrong("structure", "faults", name=statistic["code"], fault=some(found, 1))
    return ok("structure", count=len(case.statistics))

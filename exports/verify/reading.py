"""The cells of a package as each of its formats gives them, as tables of a database in memory.

Belongs here: reading the files. Does not belong here: comparing (figures.py). Every table has, for
a statistic, the columns `period`, its dimensions and `measure` (codes as SDMX writes them), `value`
(text), `obs_status`, `conf_status`.
"""

import glob
from pathlib import Path

import duckdb
import pandas as pd
from lxml import etree

from exports.names import SDMX
from exports.sdmx import model
from exports.signs import SIGNS
from exports.verify.case import Case
from exports.verify.faults import Unreadable, reading
from exports.verify.workbook import Rows, read_sheets

_SHOWN = ("UNIT", "OBS_STATUS", "CONF_STATUS", "COUNT_BASIS", "SNAPSHOT_DATE")


def keys_of(statistic: dict) -> list[str]:
    """Return the columns that name a cell."""
    return ["period", *statistic["dimensions"], "measure"]


def load_long(
    connection: duckdb.DuckDBPyConnection, case: Case, statistic: dict, prefix: str = "long"
) -> str:
    """Load the CSV of a statistic; return the name of its table."""
    header = ["REF_PERIOD", *map(str.upper, statistic["dimensions"]), "MEASURE", "OBS_VALUE"]
    rows = _csv(connection, case.folder / statistic["file"], [*header, *_SHOWN])
    table = f"{prefix}_{statistic['code'].lower()}"
    codes = ", ".join(
        f'{model.code_id_sql(chr(34) + name.upper() + chr(34))} as "{name}"'
        for name in statistic["dimensions"]
    )
    connection.execute(
        f"""
        create or replace table {table} as
        select row_number() over () as id, REF_PERIOD as period, {codes}, MEASURE as measure,
            OBS_VALUE as value, OBS_STATUS as obs_status, CONF_STATUS as conf_status, UNIT as unit,
            COUNT_BASIS as basis
        from {rows}"""
    )
    return table


def load_sdmx_csv(connection: duckdb.DuckDBPyConnection, case: Case, statistic: dict) -> str:
    """Load the SDMX-CSV of a statistic; return the name of its table."""
    rows = _csv(connection, case.folder / sdmx_name(statistic, ".csv"), None)
    return _from_sdmx(connection, rows, statistic, f"sdmx_csv_{statistic['code'].lower()}")


def load_sdmx_xml(connection: duckdb.DuckDBPyConnection, case: Case, statistic: dict) -> str:
    """Load the SDMX-ML of a statistic; return the name of its table."""
    path = case.folder / sdmx_name(statistic, ".xml")
    found = []
    with reading("xml", path.name):
        for _, element in etree.iterparse(str(path), tag="Obs", resolve_entities=False):
            found.append(dict(element.attrib))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    names = sdmx_columns(statistic)
    frame = pd.DataFrame(found, columns=None if found else names, dtype="str")
    for name in names:
        if name not in frame:
            frame[name] = None
    return _from_sdmx(
        connection, "frame", statistic, f"sdmx_xml_{statistic['code'].lower()}", frame
    )


def load_workbook(
    connection: duckdb.DuckDBPyConnection, sheets: dict[str, Rows], statistic: dict
) -> str:
    """Load the sheets of a statistic; return the name of their table (values as numbers, null for a
    sign).
    """
    frames = [
        frame for table in statistic["tables"] for frame in _of_sheet(sheets, table, statistic)
    ]
    columns = [*keys_of(statistic), "value", "obs_status", "conf_status"]
    frame = pd.concat(frames) if frames else pd.DataFrame(columns=columns, dtype="str")
    name = f"book_{statistic['code'].lower()}"
    codes = ", ".join(
        f'{model.code_id_sql(chr(34) + one + chr(34))} as "{one}"'
        for one in statistic["dimensions"]
    )
    connection.register("frame", frame)
    connection.execute(
        f"""
        create or replace table {name} as
        select period, {codes}, measure, try_cast(value as double) as value, obs_status,
            conf_status
        from frame"""
    )
    return name


def sheets_of(case: Case) -> dict[str, Rows]:
    """Return the sheets with figures."""
    wanted = {table["sheet"] for one in case.statistics for table in one["tables"]}
    books = [name for name in case.files if name.endswith(".xlsx")]
    if len(books) != 1:
        raise Unreadable(".xlsx")
    with reading("xlsx", books[0]):
        return read_sheets(case.folder / books[0], wanted)


def sdmx_name(statistic: dict, ending: str) -> str:
    """Return the name of a file of SDMX."""
    return f"{SDMX}/{Path(statistic['file']).stem}_sdmx{ending}"


def sdmx_columns(statistic: dict) -> list[str]:
    """Return the components of an observation."""
    own = map(str.upper, statistic["dimensions"])
    return ["FREQ", *own, model.MEASURE, model.TIME, model.VALUE, *model.ATTRIBUTES]


def _csv(connection, path: Path, header: list[str] | None) -> str:
    """Load a CSV as texts; return the name of its table. `header`: exactly these columns."""
    table = f"read_{path.stem}".replace("-", "_").lower()
    with reading("csv", path.name):
        connection.execute(
            f'create or replace table "{table}" as select * from read_csv($path, header = true,'
            " delim = ',', quote = '\"', escape = '\"', auto_detect = false,"
            " hive_partitioning = false, columns = $columns, strict_mode = true)",
            {"path": glob.escape(str(path)), "columns": dict.fromkeys(_header(path), "VARCHAR")},
        )
    if header is not None and _header(path) != header:
        raise Unreadable(path.name)
    return f'"{table}"'


def _header(path: Path) -> list[str]:
    with open(path, encoding="utf-8") as opened:
        return opened.readline().rstrip("\r\n").split(",")


def _from_sdmx(connection, rows: str, statistic: dict, table: str, frame=None) -> str:
    if frame is not None:
        connection.register("frame", frame)
    own = ", ".join(f'"{name.upper()}" as "{name}"' for name in statistic["dimensions"])
    connection.execute(
        f"""
        create or replace table {table} as
        select replace("TIME_PERIOD", '-Q', 'Q') as period, {own}, "MEASURE" as measure,
            nullif("OBS_VALUE", '') as value, "OBS_STATUS" as obs_status,
            "CONF_STATUS" as conf_status, "UNIT_MEASURE" as unit,
            nullif("COUNT_BASIS", '') as basis
        from {rows}"""
    )
    return table


def _of_sheet(sheets: dict[str, Rows], table: dict, statistic: dict):
    """The rows of a sheet, one frame for each measure. A breakdown of the block that the sheet does
    not show repeats the period; one of another block is at its total.
    """
    shown, measures = table["columns"], [one["name"] for one in table["measures"]]
    width = 1 + 2 * len(shown) + 3 * len(measures)
    rows = sheets[table["sheet"]]
    start = next((place for place, row in enumerate(rows) if len(row) == width), len(rows))
    held = rows[start + 1 :]
    if not held or any(len(row) != width for row in held):
        raise Unreadable(table["sheet"])
    axes = {name for axis in table["axes"] for name in axis["dimensions"]}
    columns = list(zip(*held, strict=True))
    period = [f"{one:.0f}" if isinstance(one, float) else one for one in columns[0]]
    codes = {name: columns[2 + 2 * place] for place, name in enumerate(shown)}
    for name in statistic["dimensions"]:
        codes.setdefault(name, period if name in axes else ["_T"] * len(period))
    first = 1 + 2 * len(shown)
    for place, measure in enumerate(measures):
        value, status, conf = (columns[first + place + step * len(measures)] for step in range(3))
        yield pd.DataFrame(
            {
                "period": period,
                **codes,
                "measure": measure,
                "value": [
                    _shown(one, said, table) for one, said in zip(value, status, strict=True)
                ],
                "obs_status": status,
                "conf_status": conf,
            },
            dtype="str",
        )


def _shown(value: str | float, status: str, table: dict) -> str | None:
    """A number is one whatever its status says; a text is the sign of its status."""
    if isinstance(value, float):
        return repr(value)
    if SIGNS.get(status) != value:
        raise Unreadable(table["sheet"])
    return None

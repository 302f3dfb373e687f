"""Machine CSV of a statistic: UTF-8, comma, decimal point, one cell a line, every margin.

Belongs here: the long form and the list of codes. Does not belong here: which cells leave, how
the columns are described (csvw.py).
"""

import csv
from pathlib import Path

from exports.catalogue import TOTAL, Code, Measure, Statistic, order_of
from exports.package import Contents, Part
from exports.signs import HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE, SHOWN, status_sql, value_sql
from exports.texts import LANGUAGES, basis, text_or
from exports.units import places, unit_of

CODE_COLUMNS = ("LIST", "CODE", "LABEL_FR", "LABEL_NL", "IS_PROVISIONAL")
ATTRIBUTES = ("UNIT", "OBS_STATUS", "CONF_STATUS", "COUNT_BASIS", "SNAPSHOT_DATE")


def write_long(path: Path, cursor, part: Part, contents: Contents) -> None:
    """Write the long form; the engine writes the file itself, whatever the number of cells.

    A count or amount has the decimals it declares, a ratio those the release holds. A value that
    is not shown is empty, and OBS_STATUS says why.
    """
    names = ("ref_period", *part.statistic.dimension_names, "measure")
    columns = [f'"{name}" as "{name.upper()}"' for name in names]
    order = ", ".join(f'"{name}"' for name in names)
    select = f"""
        select {", ".join(columns)}, obs_value as "OBS_VALUE", unit as "UNIT",
            obs_status as "OBS_STATUS", conf_status as "CONF_STATUS",
            count_basis as "COUNT_BASIS",
            {_quoted(contents.business_date.isoformat())} as "SNAPSHOT_DATE"
        from ({shown_cells(part)}) order by {order}"""
    cursor.execute(f"copy ({select}) to {_quoted(str(path))} (format csv, header, delimiter ',')")


def shown_cells(part: Part) -> str:
    """SQL for the cells of a statistic as every machine format writes them: `ref_period`, the
    dimensions and `measure`; `obs_value` as the text that stands in the files (null: not shown),
    `unit`, `obs_status`, `conf_status`, `count_basis` (null: none declared).
    """
    statistic = part.statistic
    attributes = _values(
        [
            (ref_period, m.name, unit_of(m.unit).code, _digits(m), m.basis_of(ref_period))
            for ref_period in part.ref_periods
            for m in statistic.measures
        ]
    )
    names = ("ref_period", *statistic.dimension_names, "measure")
    return f"""
        select {", ".join(f'cells."{name}"' for name in names)},
            case digits
                when '0' then cast(cast(shown as decimal(38, 0)) as varchar)
                when '1' then cast(cast(shown as decimal(38, 1)) as varchar)
                when '2' then cast(cast(shown as decimal(38, 2)) as varchar)
                else cast(shown as varchar)
            end as obs_value,
            unit, status as obs_status, conf_status, nullif(basis, '') as count_basis
        from (
            select *, {value_sql()} as shown, {status_sql(statistic)} as status from {part.table}
        ) as cells
        inner join (values {attributes}) as said (said_period, said_measure, unit, digits, basis)
            on said_period = cells.ref_period and said_measure = cells.measure"""


def _digits(measure: Measure) -> str:
    kept = places(measure.unit, measure.decimals)
    return "" if kept is None else str(kept)


def _quoted(value: str) -> str:
    """Return a text as an SQL literal (a statement that writes a file takes no parameters)."""
    return "'" + value.replace("'", "''") + "'"


def _values(rows: list[tuple[str, ...]]) -> str:
    """Return rows of texts as the inside of a VALUES clause."""
    return ", ".join(f"({', '.join(_quoted(value) for value in row)})" for row in rows)


def write_codes(path: Path, contents: Contents) -> None:
    """Write every code that occurs in the CSVs: list, code, both labels, provisional or not."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(CODE_COLUMNS)
        for list_name, code in _all_codes(contents):
            flag = str(code.is_provisional).lower()
            writer.writerow([list_name, code.code, code.label_fr, code.label_nl, flag])


def codes_count(contents: Contents) -> int:
    """Return the number of codes that are explained."""
    return len(_all_codes(contents))


def _all_codes(contents: Contents) -> list[tuple[str, Code]]:
    return [*used_codes(contents), *attribute_codes(contents)]


def used_codes(contents: Contents) -> list[tuple[str, Code]]:
    """Return (list name, code) of every code of a breakdown that occurs, in list order."""
    return [
        (list_name, known_code(contents, list_name, code))
        for list_name, used in sorted(contents.used.items())
        for code in sorted(used, key=lambda code: order_of(contents.codes[list_name], code))
    ]


def known_code(contents: Contents, list_name: str, code: str) -> Code:
    """Return a code with its labels; one that its list does not hold (a year) labels itself."""
    return code_in(contents.codes, list_name, code)


def code_in(codes: dict[str, dict[str, Code]], list_name: str, code: str) -> Code:
    """Return a code of these lists with its labels, as `known_code` does."""
    if code == TOTAL:
        return _said(code, "total", 0)
    return codes[list_name].get(code) or Code(code, code, code, 0, False)


def attribute_codes(contents: Contents) -> list[tuple[str, Code]]:
    """Return the codes of the columns that describe a cell: measures, units, statuses, bases."""
    found: dict[str, dict[str, Code]] = {}
    for part in contents.parts:
        for place, measure in enumerate(part.statistic.measures):
            unit = unit_of(measure.unit)
            labels = (measure.label_fr, measure.label_nl)
            own = found.setdefault(measure_list(part.statistic), {})
            own[measure.name] = Code(measure.name, *labels, place, False)
            units = found.setdefault("unit", {})
            units[unit.code] = Code(unit.code, unit.label_fr, unit.label_nl, 0, False)
        for code in part.statistic.count_bases(part.ref_periods):
            if code:
                labels = [basis(code, lang) for lang in LANGUAGES]
                found.setdefault("count_basis", {})[code] = Code(code, *labels, 0, False)
        for code in part.conf_statuses:
            found.setdefault("conf_status", {})[code] = _said(code, f"conf_{code}", 0)
    for place, code in enumerate((SHOWN, HIDDEN, NOT_APPLICABLE, NOT_AVAILABLE)):
        found.setdefault("obs_status", {})[code] = _said(code, f"status_{code}", place)
    return [(name, code) for name, codes in found.items() for code in codes.values()]


def measure_list(statistic: Statistic) -> str:
    """Return the name of the list of measures: the same name may mean other things elsewhere."""
    return f"measure_{statistic.code}"


def _said(code: str, key: str, rank: float) -> Code:
    """Return a code that texts.yaml puts in words."""
    labels = [text_or(key, lang, code) for lang in LANGUAGES]
    return Code(code, *labels, rank, False)

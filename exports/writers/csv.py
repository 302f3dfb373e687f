"""Machine CSV of a statistic: UTF-8, comma, decimal point, one cell a line, every margin.

Belongs here: the long form and the list of codes. Does not belong here: which cells leave.
"""

import csv
from pathlib import Path

from exports.catalogue import Code, Statistic
from exports.profiles import Profile
from exports.units import unit_of


def select_long(cursor, statistic: Statistic, ref_periods: list[str]):
    """Run the query of the long form without its constant columns; rows in a total order.

    Columns: ref_period, dimensions, measure, obs_value.
    """
    names = [f'"{name}"' for name in ("ref_period", *statistic.dimension_names, "measure")]
    return cursor.execute(
        f"select {', '.join(names)}, obs_value from {statistic.table}"
        f" where list_contains($periods, ref_period) order by {', '.join(names)}",
        {"periods": ref_periods},
    )


def write_long(
    path: Path,
    cursor,
    statistic: Statistic,
    ref_periods: list[str],
    profile: Profile,
    snapshot_date: str,
) -> None:
    """Write the long form; the engine writes the file itself, whatever the number of cells.

    A count has no decimals, money two, a ratio those the release holds.
    """
    names = [f'"{name}"' for name in ("ref_period", *statistic.dimension_names, "measure")]
    bases = {
        (ref_period, measure.name): measure.basis_of(ref_period)
        for ref_period in ref_periods
        for measure in statistic.measures
    }
    units = {measure.name: unit_of(measure.unit) for measure in statistic.measures}
    attributes = _values(
        [
            (ref_period, measure, unit.code, unit.kind, bases[ref_period, measure])
            for ref_period in ref_periods
            for measure, unit in units.items()
        ]
    )
    columns = [f'cells.{name} as "{name.strip(chr(34)).upper()}"' for name in names]
    order = ", ".join(f"cells.{name}" for name in names)
    select = f"""
        select {", ".join(columns)},
            case kind
                when 'count' then cast(cast(obs_value as decimal(38, 0)) as varchar)
                when 'amount' then cast(cast(obs_value as decimal(38, 2)) as varchar)
                else cast(obs_value as varchar)
            end as "OBS_VALUE",
            unit as "UNIT",
            case when obs_value is null then 'M' else 'A' end as "OBS_STATUS",
            {_quoted(profile.conf_status)} as "CONF_STATUS",
            nullif(basis, '') as "COUNT_BASIS",
            {_quoted(snapshot_date)} as "SNAPSHOT_DATE"
        from {statistic.table} as cells
        inner join (values {attributes}) as said (said_period, said_measure, unit, kind, basis)
            on said_period = cells.ref_period and said_measure = cells.measure
        order by {order}"""
    cursor.execute(f"copy ({select}) to {_quoted(str(path))} (format csv, header, delimiter ',')")


def _quoted(value: str) -> str:
    """Return a text as an SQL literal (a statement that writes a file takes no parameters)."""
    return "'" + value.replace("'", "''") + "'"


def _values(rows: list[tuple[str, ...]]) -> str:
    """Return rows of texts as the inside of a VALUES clause."""
    return ", ".join(f"({', '.join(_quoted(value) for value in row)})" for row in rows)


def write_codes(path: Path, codes: dict[str, dict[str, Code]], used: dict[str, set[str]]) -> None:
    """Write the codes that occur: list, code, both labels, provisional or not."""
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["LIST", "CODE", "LABEL_FR", "LABEL_NL", "IS_PROVISIONAL"])
        for list_name, code in used_codes(codes, used):
            writer.writerow(
                [
                    list_name,
                    code.code,
                    code.label_fr,
                    code.label_nl,
                    str(code.is_provisional).lower(),
                ]
            )


def used_codes(
    codes: dict[str, dict[str, Code]], used: dict[str, set[str]]
) -> list[tuple[str, Code]]:
    """Return (list name, code) of every code that occurs, in list order."""
    return [
        (list_name, code)
        for list_name in sorted(used)
        for name, code in codes[list_name].items()
        if name in used[list_name]
    ]

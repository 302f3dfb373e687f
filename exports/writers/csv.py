"""Machine CSV of a statistic: UTF-8, comma, decimal point, one cell a line, every margin.

Belongs here: the long form and the list of codes. Does not belong here: which cells leave.
"""

import csv
from pathlib import Path

from exports.catalogue import Code, Statistic
from exports.profiles import Profile
from exports.units import unit_of

_BATCH = 50_000


def long_header(statistic: Statistic) -> list[str]:
    """Return the column names of the long form."""
    return [
        "REF_PERIOD",
        *(name.upper() for name in statistic.dimension_names),
        "MEASURE",
        "OBS_VALUE",
        "UNIT",
        "OBS_STATUS",
        "CONF_STATUS",
        "COUNT_BASIS",
        "SNAPSHOT_DATE",
    ]


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
) -> int:
    """Write the long form and return its number of cells. Memory stays bounded."""
    units = {measure.name: unit_of(measure.unit) for measure in statistic.measures}
    bases = {
        (ref_period, measure.name): measure.basis_of(ref_period)
        for ref_period in ref_periods
        for measure in statistic.measures
    }
    rows = select_long(cursor, statistic, ref_periods)
    cells = 0
    with open(path, "w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(long_header(statistic))
        while batch := rows.fetchmany(_BATCH):
            cells += len(batch)
            writer.writerows(
                (
                    *row[:-1],
                    _written(row[-1], units[row[-2]].kind),
                    units[row[-2]].code,
                    "M" if row[-1] is None else "A",
                    profile.conf_status,
                    bases[row[0], row[-2]],
                    snapshot_date,
                )
                for row in batch
            )
    return cells


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


def _written(value, kind: str):
    """A count without decimals, money with two, a ratio as the release holds it."""
    if value is None or kind == "ratio":
        return value
    return f"{value:.0f}" if kind == "count" else f"{value:.2f}"


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

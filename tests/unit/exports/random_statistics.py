"""Statistics of any shape with random records, in a database as the release holds them.

Belongs here: rows S1 to S5 of the specification computed plainly from records, for tests of
protection. Does not belong here: any rule of protection.
"""

from __future__ import annotations

import random
from collections import defaultdict
from datetime import date
from itertools import product

import duckdb

from exports.catalogue import (
    Dimension,
    Measure,
    Statistic,
    _block,
    _populations,
)

#: (municipality, arrondissement, province, region, linguistic area): the third and fourth share a
#: province and speak two languages, as in the east of the country.
PLACES = [
    ("11001", "11000", "10000", "02000", "NL"),
    ("12001", "12000", "10000", "02000", "NL"),
    ("61001", "61000", "60000", "03000", "FR"),
    ("63001", "63000", "60000", "03000", "FR"),
    ("63002", "63000", "60000", "03000", "DE"),
    ("21001", "21000", None, "04000", "BRU"),
]
LEVELS = ("MUNICIPALITY", "ARRONDISSEMENT", "PROVINCE", "REGION", "LINGUISTIC_AREA")


def statistic(code: str, dimensions, measures, blocks, **more) -> Statistic:
    """A statistic from short declarations: dimension names, measures (name, unit[, keys]) and
    blocks (frequencies, axes, measures).
    """
    return Statistic(
        code=code,
        table=f"stat_{code.lower()}",
        title_fr=code,
        title_nl=code,
        dimensions=tuple(
            Dimension(name, name, name, name, health_codes=more.get("health", {}).get(name, ()))
            for name in dimensions
        ),
        measures=tuple(
            Measure(
                name,
                unit,
                name,
                name,
                count_basis=(("", more.get("basis", "flow")),),
                **(rest[0] if rest else {}),
            )
            for name, unit, *rest in measures
        ),
        blocks=tuple(
            _block(
                {
                    "name": f"{code}.{number}",
                    "frequencies": often.split(),
                    "axes": axes,
                    "measures": names.split(),
                }
            )
            for number, (often, axes, names) in enumerate(blocks, start=1)
        ),
        disclosure_class=more.get("disclosure_class", "ordinary"),
        populations=_populations(more.get("population")),
        equations=tuple(more.get("equations", ())),
    )


def place(number: int) -> dict[str, str]:
    """Codes of a municipality on every level."""
    municipality, arrondissement, province, region, language = PLACES[number]
    codes = (municipality, arrondissement, province or region, region, language)
    return dict(zip(LEVELS, codes, strict=True))


def periods_of(day: date) -> dict[str, str]:
    """The periods that a day lies in."""
    return {
        "year": str(day.year),
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "month": f"{day.year}-{day.month:02}",
    }


def choices(axis, record: dict) -> list[dict[str, str]]:
    """What an axis says about a record."""
    if axis.levels:
        level_name, code_name = axis.dimensions
        return [{}] + [
            {level_name: level, code_name: record["place"][level]} for level in axis.levels
        ]
    first = {axis.dimensions[0]: record[axis.dimensions[0]]}
    found = (
        [first]
        if len(axis.dimensions) == 1
        else [first, first | {axis.dimensions[1]: record[axis.dimensions[1]]}]
    )
    return found if not axis.has_total else [{}, *found]


def cells_of(statistic: Statistic, records: list[dict]) -> dict[tuple, dict]:
    """{(period, codes, measure): {who: contribution}}; a ratio has its value under None."""
    sums: dict[tuple, dict] = defaultdict(lambda: defaultdict(float))
    names = statistic.dimension_names
    for block in statistic.blocks:
        for record in records:
            if any(record.get(m) is None for m in block.measures if not _ratio(statistic, m)):
                continue
            spans = (
                [(record["period"], "")]
                if "day" not in record
                else [
                    (span, often)
                    for often, span in periods_of(record["day"]).items()
                    if often in block.frequencies
                ]
            )
            for (span, _), chosen in product(
                spans, product(*(choices(axis, record) for axis in block.axes))
            ):
                said = {name: code for part in chosen for name, code in part.items()}
                codes = tuple(said.get(name, "_T") for name in names)
                for measure in statistic.measures:
                    if measure.name in block.measures and not _ratio(statistic, measure.name):
                        sums[block.name, span, codes, measure.name][record["who"]] += record[
                            measure.name
                        ]
    found: dict[tuple, dict] = {}
    for (block, span, codes, name), by_who in sums.items():
        measure = next(m for m in statistic.measures if m.name == name)
        found[span, codes, name] = dict(by_who) if measure.additive else dict.fromkeys(by_who, 1.0)
        declared = next(b for b in statistic.blocks if b.name == block)
        for ratio in statistic.measures:
            if ratio.name in declared.measures and ratio.denominator == name:
                top = sums.get((block, span, codes, ratio.numerator), by_who)
                below = sum(by_who.values())
                if below:
                    share = 100.0 * sum(top.values()) / below
                    found[span, codes, ratio.name] = {None: share, **dict.fromkeys(by_who, 0.0)}
    return found


def _ratio(statistic: Statistic, name: str) -> bool:
    return bool(next(m for m in statistic.measures if m.name == name).denominator)


def database(statistics: dict[Statistic, list[dict]]) -> duckdb.DuckDBPyConnection:
    """A database with the tables of statistics, and the places."""
    connection = duckdb.connect()
    connection.execute("create schema core")
    connection.execute(
        "create table core.dim_municipality (municipality_nis varchar, arrondissement_nis varchar,"
        " province_nis varchar, region_nis varchar, linguistic_area varchar, valid_to date)"
    )
    connection.executemany("insert into core.dim_municipality values (?, ?, ?, ?, ?, null)", PLACES)
    for one, records in statistics.items():
        columns = ", ".join(f'"{name}" varchar' for name in ("ref_period", *one.dimension_names))
        connection.execute(
            f"create table {one.table} ({columns}, measure varchar, obs_value decimal(24, 6),"
            " contributors bigint, largest_contribution decimal(18, 2),"
            " second_contribution decimal(18, 2))"
        )
        rows = []
        for (span, codes, name), by_who in sorted(cells_of(one, records).items()):
            value = by_who.get(None)
            amounts = sorted((abs(v) for w, v in by_who.items() if w is not None), reverse=True)
            if value is None:
                value = sum(by_who.values())
                amounts = [amount for amount in amounts if amount]
                largest = [*amounts[:2], None, None][:2]
            else:
                largest = [None, None]
            rows.append([span, *codes, name, round(value, 6), len(amounts), *largest])
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {one.table} values ({marks})", rows)
    return connection


def people(chance: random.Random, number: int) -> list[dict]:
    """Persons in stock on the last day of a year, most of them in a few cells."""
    found = []
    for who in range(number):
        nature = chance.choices(["main", "comp", "pens"], [8, 3, 1])[0]
        found.append(
            {
                "who": f"P{who}",
                "day": date(2025, 12, 31),
                "nature": nature,
                "category": nature + chance.choices(["1", "2"], [5, 1])[0],
                "sex": chance.choices(["F", "M", "X"], [10, 20, 1])[0],
                "age": chance.choices(["20", "30", "40", "70"], [3, 9, 6, 1])[0],
                "place": (where := place(chance.choices(range(6), [9, 4, 6, 3, 1, 4])[0])),
                "region": where["REGION"],
                "branch": chance.choices(["shop", "farm", "fish"], [9, 3, 1])[0],
                "persons": 1,
            }
        )
    return found


def stock() -> tuple[Statistic, Statistic]:
    """Two statistics that count the same persons."""
    first = statistic(
        "T91",
        ("nature", "category", "sex", "age", "residence_level", "residence_code"),
        [("persons", "PERSONS")],
        [
            ("year quarter", "nature>category sex", "persons"),
            ("year", "nature sex age", "persons"),
            ("year", "sex residence:REGION,LINGUISTIC_AREA,PROVINCE,ARRONDISSEMENT", "persons"),
        ],
        population="in_stock",
        basis="stock_31_12",
    )
    second = statistic(
        "T92",
        ("branch", "nature", "sex", "region"),
        [("persons", "PERSONS")],
        [("year", "branch nature sex", "persons"), ("year", "branch sex region", "persons")],
        population="in_stock",
        basis="stock_31_12",
    )
    return first, second


def charges(chance: random.Random, number: int) -> list[dict]:
    """Charges of accounts, a few of them large, partly collected in two years."""
    found = []
    for charge in range(number):
        claimed = round(chance.lognormvariate(6, 1.3), 2)
        collected = round(claimed * chance.choice([0, 0, 0.4, 1, 1]), 2)
        found.append(
            {
                "who": f"A{chance.randrange(number // 2)}",
                "period": "2025",
                "group": (group := chance.choices(["dues", "fines"], [4, 1])[0]),
                "type": group + chance.choices(["1", "2"], [4, 1])[0],
                "nature": chance.choices(["main", "comp", "firm"], [6, 3, 1])[0],
                "collected_in": chance.choices(["2025", "2026"], [3, 1])[0],
                "claimed": claimed,
                "collected": collected,
                "charges": 1,
                "debtors": 1,
                "number": charge,
            }
        )
    return found


def money() -> Statistic:
    """Amounts, counts, distinct accounts and a share, with an axis that never has a total."""
    return statistic(
        "T93",
        ("group", "type", "nature", "collected_in"),
        [
            ("debtors", "ACCOUNTS", {"additive": False}),
            ("charges", "CHARGES"),
            ("claimed", "EUR"),
            ("collected", "EUR"),
            (
                "collected_pct",
                "PCT",
                {"additive": False, "numerator": "collected", "denominator": "claimed"},
            ),
        ],
        [
            (
                "contribution_year",
                "group!>type nature",
                "debtors charges claimed collected collected_pct",
            ),
            ("contribution_year", "group!>type nature collected_in!", "collected"),
        ],
        equations=[
            {"plus": [{"measure": "claimed"}], "minus": [{"measure": "collected"}], "rest": True}
        ],
    )


def requests(chance: random.Random, number: int) -> list[dict]:
    """Requests of the months of a year, some of them decided."""
    found = []
    for _ in range(number):
        found.append(
            {
                "who": f"B{chance.randrange(number)}",
                "day": date(2025, chance.randrange(1, 13), 1 + chance.randrange(28)),
                "cause": chance.choices(["care", "birth"], [1, 3])[0],
                "decision": chance.choices(["yes", "no", "open"], [6, 2, 1])[0],
                "sex": chance.choices(["F", "M"])[0],
                "requests": 1,
                "judged": (judged := int(chance.random() < 0.8)),
                "in_time": int(judged and chance.random() < 0.7),
            }
        )
    return found


def flow() -> Statistic:
    """A flow of health class by month, quarter and year, with a share of counts."""
    return statistic(
        "T94",
        ("cause", "decision", "sex"),
        [
            ("requests", "FILES"),
            ("judged", "FILES"),
            ("in_time", "FILES"),
            (
                "in_time_pct",
                "PCT",
                {"additive": False, "numerator": "in_time", "denominator": "judged"},
            ),
        ],
        [
            ("year quarter month", "cause decision", "requests"),
            ("year quarter", "cause sex", "requests judged in_time in_time_pct"),
        ],
        disclosure_class="health",
    )

"""A small release with nine years behind it, in which every rule of validation holds.

Belongs here: four statistics that agree with each other: a stock by year and quarter (T01), the
same persons by profession (T02), a flow by month (T04), money with a rate and a distinct count
(T08). Does not belong here: any rule of the warehouse; figures are made up but add up.
"""

import json
from pathlib import Path

import duckdb

from tests.unit.exports.small_release import build_release

FIRST, LAST = 2017, 2025

CODES = {
    "sex": [("M", "Homme", "Man"), ("F", "Femme", "Vrouw")],
    "profession": [("301", "Commerce", "Handel"), ("501", "Avocat", "Advocaat")],
    "flow": [
        ("stock_start", "Stock au début", "Beginstand"),
        ("starter", "Débuts", "Starters"),
        ("cessation", "Cessations", "Stopzettingen"),
        ("stock_end", "Stock à la fin", "Eindstand"),
    ],
    "flow_type": [("voluntary", "Volontaire", "Vrijwillig"), ("pension", "Pension", "Pensioen")],
    "claim_group": [("contributions", "Cotisations", "Bijdragen")],
}


def _statistic(code, basis, dimensions, measures, blocks) -> dict:
    return {
        "code": code,
        "title_fr": f"Table {code}",
        "title_nl": f"Tabel {code}",
        "count_basis": basis,
        "dimensions": [
            {"name": name, "label_fr": f"Le {name}", "label_nl": f"De {name}"}
            for name in dimensions
        ],
        "measures": [
            {"name": name, "unit": unit, "label_fr": f"Le {name}", "label_nl": f"De {name}", **more}
            for name, unit, more in measures
        ],
        "blocks": [
            {
                "name": f"{code}.{number}",
                "frequencies": often.split(),
                "axes": axes,
                "measures": names.split(),
            }
            for number, (often, axes, names) in enumerate(blocks, start=1)
        ],
        "notes_fr": "Inventé.",
        "notes_nl": "Verzonnen.",
    }


STATISTICS = [
    _statistic(
        "T01",
        "stock_qend",
        ("nature", "sex"),
        [("persons", "PERSONS", {})],
        [("year quarter", "nature sex", "persons")],
    ),
    _statistic(
        "T02",
        "stock_31_12",
        ("profession", "nature", "sex"),
        [("persons", "PERSONS", {})],
        [("year", "profession nature sex", "persons")],
    ),
    _statistic(
        "T04",
        "flow",
        ("flow", "flow_type", "sex"),
        [("events", "EVENTS", {}), ("persons", "PERSONS", {})],
        [
            ("year quarter month", "flow!>flow_type sex", "events"),
            ("year quarter month", "flow! sex", "persons"),
        ],
    ),
    _statistic(
        "T08",
        "flow",
        ("contribution_year", "claim_group", "nature"),
        [
            ("claimed_amount", "EUR", {}),
            ("collected_amount", "EUR", {}),
            ("debtors", "ACCOUNTS", {"additive": False}),
            (
                "perception_pct",
                "PCT",
                {
                    "additive": False,
                    "numerator": "collected_amount",
                    "denominator": "claimed_amount",
                },
            ),
        ],
        [
            (
                "contribution_year",
                "contribution_year claim_group! nature",
                "claimed_amount collected_amount debtors perception_pct",
            )
        ],
    ),
]

_TABLES = f"""
    create temp table periods as
    select cast(y as varchar) as ref_period, y, 4 as q from range({FIRST}, {LAST} + 1) t(y)
    union all
    select y || 'Q' || q, y, q from range({FIRST}, {LAST} + 1) t(y), range(1, 5) s(q);

    create temp table insured as
    select ref_period, length(ref_period) = 4 as is_year, i,
        ['main', 'complementary', 'after_pension'][1 + i % 3] as nature,
        ['M', 'F'][1 + i % 2] as sex, ['301', '501'][1 + (i // 2) % 2] as profession
    from periods, range(3000) t(i)
    where i < 1000 + 40 * (y - {FIRST}) + 10 * q;

    create or replace table statistics.stat_t01 as
    select ref_period, coalesce(nature, '_T') as nature, coalesce(sex, '_T') as sex,
        'persons' as measure, cast(count(*) as decimal(18, 2)) as obs_value,
        count(*) as contributors, cast(1 as decimal(18, 2)) as largest_contribution,
        cast(1 as decimal(18, 2)) as second_contribution
    from insured group by ref_period, cube (nature, sex);

    create or replace table statistics.stat_t02 as
    select ref_period, coalesce(profession, '_T') as profession, coalesce(nature, '_T') as nature,
        coalesce(sex, '_T') as sex, 'persons' as measure,
        cast(count(*) as decimal(18, 2)) as obs_value, count(*) as contributors,
        cast(1 as decimal(18, 2)) as largest_contribution,
        cast(1 as decimal(18, 2)) as second_contribution
    from insured where is_year group by ref_period, cube (profession, nature, sex);

    create temp table moves as
    select make_date(y, m, 1) as day, flow, ['M', 'F'][1 + i % 2] as sex,
        case flow when 'starter' then 'voluntary' else 'pension' end as flow_type
    from range({FIRST}, {LAST} + 1) t(y), range(1, 13) s(m), range(60) u(i),
        (values ('starter', 40), ('cessation', 24)) f(flow, number)
    where i < number + m % 3 + (y - {FIRST});

    create temp table dated as
    select *, unnest([
        strftime(day, '%Y'), strftime(day, '%Y') || 'Q' || quarter(day), strftime(day, '%Y-%m')
    ]) as ref_period
    from moves;

    create temp table running as
    select ref_period, min(day) as first_day, max(day) as last_day from dated group by ref_period;

    create or replace table statistics.stat_t04 as
    with stocks as (
        select ref_period, side.flow, sex,
            1000 + count(*) filter (where moves.flow = 'starter')
                - count(*) filter (where moves.flow = 'cessation') as persons
        from running, (values ('stock_start'), ('stock_end')) side(flow),
            (select * from moves union all by name
                select cast('1900-01-01' as date) as day, 'none' as flow, s as sex
                from (values ('M'), ('F')) t(s)) as moves
        where moves.day < case side.flow when 'stock_start' then first_day
            else last_day + interval 1 day end
        group by ref_period, side.flow, cube (sex)
        having sex is not null
    )
    select ref_period, flow, coalesce(flow_type, '_T') as flow_type, coalesce(sex, '_T') as sex,
        'events' as measure, cast(count(*) as decimal(18, 2)) as obs_value,
        count(*) as contributors, cast(1 as decimal(18, 2)) as largest_contribution,
        cast(1 as decimal(18, 2)) as second_contribution
    from dated group by ref_period, flow, rollup (flow_type), cube (sex)
    union all
    select ref_period, flow, '_T', coalesce(sex, '_T'), 'persons', sum(persons), sum(persons), 1, 1
    from stocks group by ref_period, flow, rollup (sex);

    create or replace table statistics.stat_t08 as
    with charged as (
        select cast(y as varchar) as ref_period, i, 'contributions' as claim_group,
            ['main', 'complementary', 'after_pension'][1 + i % 3] as nature,
            cast(500 + i % 90 + 10 * (y - {FIRST}) as decimal(18, 2)) as claimed,
            cast(case when i % 5 = 0 then 0 else 400 + i % 90 end as decimal(18, 2)) as collected
        from range({FIRST}, {LAST} + 2) t(y), range(900) s(i)
    ),
    summed as (
        select ref_period, claim_group, coalesce(nature, '_T') as nature, sum(claimed) as claimed,
            sum(collected) as collected, count(distinct i) as debtors
        from charged group by ref_period, claim_group, rollup (nature)
    )
    select ref_period, ref_period as contribution_year, claim_group, nature, measure,
        cast(obs_value as decimal(24, 6)) as obs_value, debtors as contributors,
        cast(600 as decimal(18, 2)) as largest_contribution,
        cast(600 as decimal(18, 2)) as second_contribution
    from (
        select *, 'claimed_amount' as measure, claimed as obs_value from summed
        union all select *, 'collected_amount', collected from summed
        union all select *, 'debtors', debtors from summed
        union all select *, 'perception_pct', 100.0 * collected / claimed from summed
    );

    delete from meta.dictionary where schema_name = 'statistics';
    insert into meta.checks values
        ('statistics_add_up', 'equation', 'stat_t01, stat_t02, stat_t04, stat_t08', 'error',
         'pass', 0, '');
"""


def build(home: Path) -> Path:
    """Write the release under `home` and make the pointer name it; return the file."""
    path = build_release(home)
    with duckdb.connect(str(path)) as connection:
        for statement in _TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.executemany(
            "insert into core.dim_code values (?, ?, ?, ?, ?, false)",
            [
                (name, *code, rank)
                for name, codes in CODES.items()
                if name != "sex"
                for rank, code in enumerate(codes, start=1)
            ],
        )
        connection.executemany(
            "insert into meta.dictionary values"
            " (?, 'statistics', ?, null, null, 'Cells.', ?, ?, null, null, ?, null)",
            [
                [
                    position,
                    f"stat_{meta['code'].lower()}",
                    meta["title_fr"],
                    meta["title_nl"],
                    json.dumps(meta, ensure_ascii=False),
                ]
                for position, meta in enumerate(STATISTICS, start=1000)
            ],
        )
    return path

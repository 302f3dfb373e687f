"""A small release with statistics of other shapes: months, totals that are never made, rates of
nothing, parts within wholes, levels, labels that look like a formula. And packages with hidden
cells, made without the engine that would choose them.

Belongs here: enough to try writers alone. Does not belong here: any rule of protection.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb

from exports.catalogue import find_statistics, load_catalogue, load_codes
from exports.cells import Cells, LeftOut, take_all
from exports.files import write_files
from exports.package import AnswerPackage, Contents, part_of
from exports.periods import covered, parse_period
from exports.profiles import find_profile
from release.dictionary import read_dictionary
from release.reader import open_release
from tests.unit.exports.small_release import build_release

CODES = {
    "flow": [("starter", "=1+1 Début", "=1+1 Start"), ("cessation", "Cessation", "Stopzetting")],
    "flow_type": [
        ("voluntary", "Volontaire", "Vrijwillig"),
        ("ex_officio", "D'office", "Ambtshalve"),
        ("pension", "Pension", "Pensioen"),
    ],
    "service": [("question", "Question", "Vraag"), ("complaint", "Plainte", "Klacht")],
    "place": [
        ("02000", "Région flamande", "Vlaams Gewest"),
        ("10000", "Anvers", "Antwerpen"),
        ("03000", "Région wallonne", "Waals Gewest"),
        ("50000", "Hainaut", "Henegouwen"),
    ],
}

FLOWS = {
    "code": "T04",
    "title_fr": "Débuts et cessations",
    "title_nl": "Starters en stopzettingen",
    "contributor": "person",
    "count_basis": "flow",
    "dimensions": [
        {"name": "flow", "label_fr": "Mouvement", "label_nl": "Beweging"},
        {"name": "flow_type", "within": "flow", "label_fr": "Mouvement", "label_nl": "Beweging"},
        {"name": "sex", "label_fr": "Sexe", "label_nl": "Geslacht"},
    ],
    "measures": [
        {"name": "events", "unit": "EVENTS", "label_fr": "Événements", "label_nl": "Gebeurtenissen"}
    ],
    "blocks": [
        {
            "name": "T04.1",
            "frequencies": ["year", "quarter", "month"],
            "axes": "flow!>flow_type sex",
            "measures": ["events"],
        }
    ],
    "notes_fr": "Événements de la période.",
    "notes_nl": "Gebeurtenissen van de periode.",
}

SERVICES = {
    "code": "T16",
    "title_fr": "Qualité du service",
    "title_nl": "Kwaliteit van de dienst",
    "contributor": "account",
    "count_basis": "flow",
    "dimensions": [
        {"name": "service", "label_fr": "Service", "label_nl": "Dienst"},
        {"name": "region", "list_name": "place", "label_fr": "Région", "label_nl": "Gewest"},
        {
            "name": "province",
            "list_name": "place",
            "within": "region",
            "label_fr": "Province",
            "label_nl": "Provincie",
        },
        {"name": "vintage", "label_fr": "Année", "label_nl": "Jaar"},
    ],
    "measures": [
        {"name": "items", "unit": "FILES", "label_fr": "Dossiers", "label_nl": "Dossiers"},
        {"name": "units", "unit": "UNITS", "decimals": 2, "label_fr": "Jours", "label_nl": "Dagen"},
        {"name": "judged_items", "unit": "FILES", "label_fr": "Jugés", "label_nl": "Beoordeeld"},
        {"name": "cost", "unit": "EUR", "label_fr": "Coût", "label_nl": "Kost"},
        {
            "name": "in_time_pct",
            "unit": "PCT",
            "additive": False,
            "numerator": "in_time_items",
            "denominator": "judged_items",
            "label_fr": "Dans les délais",
            "label_nl": "Op tijd",
        },
    ],
    "blocks": [
        {
            "name": "T16.1",
            "frequencies": ["year", "quarter"],
            "axes": "service! region>province",
            "measures": ["items", "units", "judged_items", "cost", "in_time_pct"],
        },
        {
            "name": "T16.2",
            "frequencies": ["year"],
            "axes": "service! vintage",
            "measures": ["items"],
        },
    ],
    "notes_fr": ["Services.", "Délais."],
    "notes_nl": ["Diensten.", "Termijnen."],
}

_TABLES = """
    create table statistics.stat_t04 as
    with events as (
        select i, (1 + i % 12) as month,
            case when i % 3 = 0 then 'cessation' else 'starter' end as flow,
            case when i % 3 = 0 then 'pension' when i % 3 = 1 then 'voluntary' else 'ex_officio' end
                as flow_type,
            case when i % 5 < 2 then 'F' else 'M' end as sex
        from range($events) t(i)
    ),
    dated as (
        select *, unnest([
            '2025', '2025Q' || ((month + 2) // 3), '2025-' || lpad(month::varchar, 2, '0')
        ]) as ref_period
        from events
    )
    select ref_period, flow, coalesce(flow_type, '_T') as flow_type, coalesce(sex, '_T') as sex,
        'events' as measure, cast(count(*) as decimal(18, 2)) as obs_value,
        count(*) as contributors, cast(1 as decimal(18, 2)) as largest_contribution,
        cast(1 as decimal(18, 2)) as second_contribution
    from dated group by ref_period, flow, rollup (flow_type), cube (sex);

    create table statistics.stat_t16 as
    with items as (
        select i, unnest(['2025', '2025Q' || (1 + i % 4)]) as ref_period,
            case when i % 4 = 0 then 'complaint' else 'question' end as service,
            case when i % 2 = 0 then '02000' else '03000' end as region,
            case when i % 2 = 0 then '10000' else '50000' end as province,
            case when i % 3 = 0 then '2024' else '2025' end as vintage,
            i % 4 <> 0 as judged, i % 7 <> 0 as in_time
        from range(160) t(i)
    ),
    blocks as (
        select 'T16.1' as block, ref_period, service, region, province, null as vintage,
            count(*) as items, count(*) * 0.5 as units, count(*) filter (where judged) as judged,
            count(*) filter (where judged and in_time) as in_time,
            sum(case when judged then 1.25 else 0 end) as cost
        from items group by ref_period, service, rollup (region, province)
        union all
        select 'T16.2', ref_period, service, null, null, vintage, count(*), null, null, null, null
        from items where ref_period = '2025' group by ref_period, service, rollup (vintage)
    ),
    cells as (
        select *, 'items' as measure, cast(items as decimal(24, 6)) as obs_value from blocks
        union all select *, 'units', units from blocks where block = 'T16.1'
        union all select *, 'judged_items', judged from blocks where block = 'T16.1'
        union all select *, 'cost', cost from blocks where block = 'T16.1'
        union all select *, 'in_time_pct', cast(100.0 * in_time / judged as decimal(24, 6))
        from blocks where judged > 0
    )
    select distinct ref_period, service, coalesce(region, '_T') as region,
        coalesce(province, '_T') as province, coalesce(vintage, '_T') as vintage,
        measure, obs_value, items as contributors,
        cast(1 as decimal(18, 2)) as largest_contribution,
        cast(1 as decimal(18, 2)) as second_contribution
    from cells
"""


def build_shapes(home: Path, events: int = 600, **known) -> Path:
    """Write a release with T01, T04, T08 and T16 under `home`; return the file."""
    path = build_release(home, **known)
    with duckdb.connect(str(path)) as connection:
        first, second = _TABLES.split(";")
        connection.execute(first, {"events": events})
        connection.execute(second)
        rows = [
            (list_name, *code, rank, False)
            for list_name, codes in CODES.items()
            for rank, code in enumerate(codes, start=1)
        ]
        connection.executemany("insert into core.dim_code values (?, ?, ?, ?, ?, ?)", rows)
        for position, meta in enumerate((FLOWS, SERVICES), start=1000):
            connection.execute(
                "insert into meta.dictionary values"
                " (?, 'statistics', ?, null, null, 'Cells.', ?, ?, null, null, ?, null)",
                [
                    position,
                    f"stat_{meta['code'].lower()}",
                    meta["title_fr"],
                    meta["title_nl"],
                    json.dumps(meta, ensure_ascii=False),
                ],
            )
    return path


def hide(cursor, table: str, where: str, reason: str, conf_status: str) -> None:
    """Hide cells as protection does: no value, and the words for why."""
    cursor.execute(
        f"update {table} set obs_value = null, obs_status = 'Q', conf_status = '{conf_status}',"
        f" reason = '{reason}' where {where}"
    )


def hide_some(cursor, statistic, cells: Cells) -> Cells:
    """Hide a few cells of T04 and T16, and leave a block of T16 out."""
    if statistic.code == "T04":
        hide(cursor, cells.table, "flow_type = 'pension' and sex = 'F'", "small", "A")
        hide(cursor, cells.table, "flow_type = 'pension' and sex = 'M'", "secondary", "D")
        hide(cursor, cells.table, "flow = 'cessation' and sex in ('F', 'M')", "secondary", "D")
    if statistic.code == "T16":
        hide(
            cursor,
            cells.table,
            "province = '10000' and service = 'question' and measure <> 'cost'",
            "small",
            "A",
        )
        # Nobody knows it: neither hidden nor without sense.
        cursor.execute(
            f"update {cells.table} set obs_value = null, obs_status = 'M'"
            " where measure = 'cost' and province = '50000'"
        )
        cursor.execute(
            f"update {cells.table} set obs_value = null, obs_status = 'M'"
            " where measure = 'in_time_pct' and province = '50000'"
        )
        cursor.execute(f"delete from {cells.table} where vintage <> '_T'")
        return Cells(cells.table, (LeftOut("T16.2", 6, 4, unsafe=4, rule="unsafe"),))
    return cells


def write_package(
    home: Path,
    out: Path,
    codes: list[str],
    *,
    period: str = "2025",
    lang: str = "fr",
    profile: str = "public",
    change: Callable = hide_some,
    earlier: Sequence[Path] = (),
) -> AnswerPackage:
    """Write a package as `answer` does, its cells given by `change` instead of by protection."""
    release = open_release(home)
    cursor = release.cursor()
    statistics = find_statistics(load_catalogue(read_dictionary(release)), codes, release.id)
    lists = load_codes(cursor, {d.list_name for one in statistics for d in one.dimensions})
    recipient, asked = find_profile(profile), parse_period(period)
    parts = []
    for statistic in statistics:
        held = cursor.execute(f"select distinct ref_period from {statistic.table}").fetchall()
        ref_periods = covered(asked, [row[0] for row in held])
        cells = take_all(cursor, statistic, ref_periods, recipient)
        cells = change(cursor, statistic, cells)
        name = f"{statistic.code}_{asked.text}_{recipient.name}.csv"
        parts.append(part_of(cursor, statistic, ref_periods, cells, lists, name))
    contents = Contents(
        parts=tuple(parts),
        codes=lists,
        period=asked,
        profile=recipient,
        lang=lang,
        release_id=release.id,
        business_date=release.business_date,
        built_at=release.about["built_at"],
        code_version="test-code",
        checks=(11, 1),
    )
    return write_files(contents, cursor, out, earlier, home)


def hide_nothing(cursor, statistic, cells: Cells) -> Cells:
    """Every cell as it stands."""
    return cells

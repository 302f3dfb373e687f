"""Whether what was written is what the release counts: totals of the files beside totals of T15, of
T07 and of the contributions that the law expects.

Belongs here: the equations, read back from the files. Does not belong here: writing the files.

Every line of `reconciliation.csv` is one equation: what the files hold, what the release says, and
their difference, which is 0 or nothing leaves.
"""

import csv
import glob
import re
from dataclasses import astuple, dataclass
from pathlib import Path

from exports.errors import NotReconciled
from exports.texts import sentence

FILE = "reconciliation.csv"
HEADER = (
    "FILE", "REF_PERIOD", "BREAKDOWN", "CODE", "RECORD_STATUS", "MEASURE",
    "DELIVERED", "RELEASE", "DIFFERENCE", "SOURCE",
)  # fmt: skip

# Records by quarter, by year where the whole year is there, by type and by state: the cells of T15.
_RECORDS = """
    with lines as (
        select
            unnest([ref_period, left(ref_period, 4)]) as ref_period,
            record_type,
            record_status,
            cast(quarters as bigint) as quarters,
            done_date is not null as is_done,
            is_judged = 'true' as is_judged,
            is_judged = 'true' and is_in_time = 'true' as is_in_time
        from delivered_records
    ),
    counted as (
        select
            ref_period,
            record_type,
            coalesce(record_status, '_T') as record_status,
            count(*) as records,
            cast(sum(quarters) as bigint) as quarters,
            case when grouping(record_status) = 1 then count(*) filter (where is_done) end
                as done_records,
            case when grouping(record_status) = 1 then count(*) filter (where is_judged) end
                as judged_records,
            case when grouping(record_status) = 1 then count(*) filter (where is_in_time) end
                as in_time_records
        from lines
        where list_contains($periods, ref_period)
        group by ref_period, record_type, grouping sets ((record_status), ())
    ),
    delivered as (
        unpivot counted
        on records, quarters, done_records, judged_records, in_time_records
        into name measure value delivered
    ),
    published as (
        select ref_period, record_type, record_status, measure, obs_value
        from statistics.stat_t15
        where mutuality_union = '_T' and list_contains($periods, ref_period)
            and list_contains($record_types, record_type)
            and measure in
                ('records', 'quarters', 'done_records', 'judged_records', 'in_time_records')
    )
    select $records_name, ref_period, 'record_type', record_type, record_status, measure,
        cast(coalesce(delivered, 0) as bigint), cast(coalesce(obs_value, 0) as bigint), 'T15'
    from delivered
    full join published using (ref_period, record_type, record_status, measure)
    order by all"""

# Quarters of dossiers by category: the contributions that the law expects.
_CAREERS = """
    with delivered as (
        select quarter, category, count(*) as quarters
        from delivered_careers
        group by all
    ),
    expected as (
        select contribution_year || 'Q' || contribution_quarter as quarter, category,
            count(*) as quarters
        from contribution.fct_expected_contributions
        group by all
    )
    select $careers_name, quarter, 'category', category, '_T', 'quarters',
        coalesce(delivered.quarters, 0), coalesce(expected.quarters, 0),
        'contribution.fct_expected_contributions'
    from delivered
    full join (from expected where list_contains($periods, quarter)) as expected
        using (quarter, category)
    order by all"""

# Dossiers of a whole year: the persons of T07, who are its affiliates with a liable quarter.
_DOSSIERS = """
    with delivered as (
        select left(quarter, 4) as year, count(distinct dossier) as dossiers
        from delivered_careers
        group by all
    )
    select $careers_name, ref_period, '_T', '_T', '_T', 'dossiers', coalesce(dossiers, 0),
        cast(obs_value as bigint), 'T07'
    from statistics.stat_t07
    left join delivered on ref_period = year
    where list_contains($periods, ref_period) and measure = 'persons'
        and income_class = '_T' and nature = '_T' and sex = '_T' and age_class = '_T'
        and branch = '_T'"""

# Neither a line twice, nor two persons under one pseudonym, nor a quarter that no period describes.
_KEYS = """
    select $careers_name, '_T', '_T', '_T', '_T', 'described', count(capacity), count(*),
        $careers_name
    from delivered_careers
    union all
    select $careers_name, '_T', '_T', '_T', '_T', 'keys', count(distinct (dossier, quarter)),
        count(*), $careers_name
    from delivered_careers
    union all
    select $records_name, '_T', '_T', '_T', '_T', 'keys', count(distinct (record_kind, record)),
        count(*), $records_name
    from delivered_records
    union all
    select $careers_name, '_T', '_T', '_T', '_T', 'persons', count(distinct person),
        (
            select count(distinct person_key)
            from contribution.fct_expected_contributions
            inner join core.dim_affiliate using (affiliate_id)
            where list_contains($periods, contribution_year || 'Q' || contribution_quarter)
        ),
        'core.dim_affiliate'
    from delivered_careers"""


@dataclass(frozen=True)
class Equation:
    """One line: what a file holds, and what the release says of the same."""

    file: str
    ref_period: str
    breakdown: str
    code: str
    record_status: str
    measure: str
    delivered: int
    release: int
    source: str

    @property
    def difference(self) -> int:
        """Return what the files have more than the release."""
        return self.delivered - self.release


def reconcile(
    cursor, careers: Path, records: Path, periods: list[str], types: list[str], lang: str
) -> list[Equation]:
    """Return every equation; raise NotReconciled when one does not hold.

    `periods`: the quarters that are delivered, and the year when all four of it are.
    """
    _load(cursor, "delivered_careers", careers)
    _load(cursor, "delivered_records", records)
    values = {
        "careers_name": careers.name,
        "records_name": records.name,
        "periods": periods,
        "record_types": types,
    }
    found = []
    for query in (_RECORDS, _CAREERS, _DOSSIERS, _KEYS):
        used = {name: value for name, value in values.items() if re.search(rf"\${name}\b", query)}
        found += [Equation(*row) for row in cursor.execute(query, used).fetchall()]
    if wrong := [one for one in found if one.difference]:
        first = wrong[0]
        raise NotReconciled(
            sentence(
                "not_reconciled",
                lang,
                lines=len(wrong),
                measure=first.measure,
                code=first.code,
                period=first.ref_period,
                delivered=first.delivered,
                release=first.release,
                source=first.source,
            )
        )
    return found


def write(path: Path, equations: list[Equation]) -> None:
    """Write the equations as a CSV."""
    with open(path, "w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(HEADER)
        for one in equations:
            *counted, source = astuple(one)
            writer.writerow([*counted, one.difference, source])


def _load(cursor, table: str, path: Path) -> None:
    """Read a file back as text."""
    cursor.execute(
        f"create or replace temp table {table} as select * from read_csv($path, header = true,"
        " all_varchar = true, delim = ',', quote = '\"', hive_partitioning = false)",
        {"path": glob.escape(str(path))},
    )

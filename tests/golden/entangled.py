"""A sample fund whose persons are entangled, and the words of the specification that every replay
of a statistic needs: ends of quarters, ages, places.

Belongs here: what several replays share, written plainly and apart from the SQL. Does not belong
here: what one statistic counts.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from ingest.load import load_ready
from orchestration import build, dbt_runner
from orchestration.settings import Settings
from sample.generate import generate

AS_OF = date(2026, 9, 30)
DAY = timedelta(days=1)
FOREVER = date.max - DAY
RANKS = [
    *("main", "spouse_maxi", "spouse_mini", "pensioner"),
    *("early_pensioner", "student", "article_37", "complementary"),
]
GROUPS = {
    "provisional": "contributions",
    "regularisation": "contributions",
    "company_contribution": "contributions",
    "surcharge_quarterly": "surcharges",
    "surcharge_annual": "surcharges",
    "company_surcharge": "surcharges",
    "legal_costs": "costs",
}

#: The sample gives everyone one dossier and one period at a time. Here a second period is laid over
#: a third of them, and every tenth dossier becomes a second dossier of its neighbour. It puts each
#: charge in one case, whose steps follow its opening: here a tenth of them are in the account's
#: later cases too, some cases hold none, and steps come before the opening or on the last day of a
#: month.
ENTANGLE = """
alter view raw.affiliates rename to affiliates_delivered;
create view raw.affiliates as
select delivered.* replace (coalesce(neighbour.person_key, delivered.person_key) as person_key)
from raw.affiliates_delivered as delivered
left join raw.affiliates_delivered as neighbour
    on delivered.affiliate_id like '%7'
    and neighbour.affiliate_id = substr(delivered.affiliate_id, 1, 8) || '6';
alter view raw.affiliations rename to affiliations_delivered;
create view raw.affiliations as
from raw.affiliations_delivered
union all
select * replace (
    'F9' || substr(affiliation_id, 3) as affiliation_id,
    case when affiliation_id like '%2' then 'spouse_mini' else 'main' end as category,
    case when affiliation_id like '%2' then 'assisting_spouse' else 'helper' end as capacity,
    case when affiliation_id like '%5' then 'category_change' else 'resumption' end as origin,
    start_date + cast(substr(affiliation_id, 8) as integer) % 90 as start_date,
    case when affiliation_id like '%8' then start_date + 91 else end_date + 1 end as end_date,
    case when affiliation_id like '%8' or end_date is not null then 'cessation' end as end_reason
)
from raw.affiliations_delivered
where affiliation_id like '%2' or affiliation_id like '%5' or affiliation_id like '%8';
alter view raw.recovery_case_charges rename to recovery_case_charges_delivered;
create view raw.recovery_case_charges as
from raw.recovery_case_charges_delivered
where case_id not like '%33'
union all
select held.* replace (others.case_id as case_id)
from raw.recovery_case_charges_delivered as held
join raw.recovery_cases as cases on held.case_id = cases.case_id
join raw.recovery_cases as others
    on cases.account_id = others.account_id and cases.case_id < others.case_id
where held.charge_id like '%3' and others.case_id not like '%33';
alter view raw.recovery_steps rename to recovery_steps_delivered;
create view raw.recovery_steps as
select * replace (
    case
        when step_id like '%7' and step_type = 'reminder' then step_date - 30
        when step_id like '%8' then least(last_day(step_date), date '2026-09-30')
        else step_date
    end as step_date
)
from raw.recovery_steps_delivered;
"""


def build_entangled(home: Path) -> Settings:
    """The fund, small enough for Python loops, loaded and built; its release is not published."""
    generate(home / "landing", affiliates=400, companies=150, deltas=0, seed=3)
    assert load_ready(home / "landing", home).refused is None
    settings = Settings.from_env(home=home, statistics="")
    build.prepare(settings, build.decide(settings))
    with duckdb.connect(str(home / "warehouse" / "history.duckdb")) as connection:
        connection.execute(ENTANGLE)
    result = dbt_runner.build(settings)
    assert [node.name for node in result.broken] == []
    failed = [node.name for node in result.tests if node.status in ("fail", "error")]
    assert failed == []
    return settings


def quarter_ends() -> list[date]:
    firsts = [date(year, month, 1) for year in range(2018, 2028) for month in (1, 4, 7, 10)]
    return [first - DAY for first in firsts[1:] if first - DAY <= AS_OF]


def age_class(birth: date, day: date) -> str:
    age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
    if age < 20:
        return "<20"
    return "70+" if age >= 70 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"


def quality(capacity: str, category: str) -> str:
    if capacity != "assisting_spouse":
        return capacity
    kind = {"spouse_maxi": "maxi", "spouse_mini": "mini"}.get(category, "other")
    return f"assisting_spouse_{kind}"


def areas_at(query: Any) -> Any:
    """Function (code of today, day) -> areas by level."""
    rows = query(
        "select municipality_nis, arrondissement_nis, coalesce(province_nis, region_nis), "
        "region_nis, linguistic_area, valid_to, successor_nis from core.dim_municipality"
    )
    known = {row[0]: row[1:] for row in rows}

    def at(code: str | None, day: date) -> dict[str, str]:
        levels = ("ARRONDISSEMENT", "PROVINCE", "REGION", "LINGUISTIC_AREA")
        if code is None:
            return dict.fromkeys(("MUNICIPALITY", *levels), "ABROAD")
        while known[code][4] is not None and known[code][4] < day:
            code = known[code][5]
        return {"MUNICIPALITY": code, **dict(zip(levels, known[code], strict=False))}

    return at

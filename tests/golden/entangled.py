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
    case when affiliation_id like '%8' then '101' else profession_code end as profession_code,
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

#: Days on which rules turn, and codes that no list knows: who was born on 29 February, stays that
#: begin on a last day of February or May and end about the day on which they have lasted a year or
#: five, or on the as-of date; persons who come and go twice in one year.
TURNS = """
alter view raw.affiliates rename to affiliates_entangled;
create view raw.affiliates as
select * replace (
    case
        when affiliate_id like '%3' then make_date(year(birth_date) // 4 * 4, 2, 29)
        else birth_date
    end as birth_date,
    case
        when affiliate_id like '%14' then 'XK'
        when affiliate_id like '%24' then 'XX'
        else nationality
    end as nationality
)
from raw.affiliates_entangled;
alter view raw.affiliations rename to affiliations_entangled;
create view raw.affiliations as
with turns as (
    select
        unnest(['F6', 'F7', 'F8']) as prefix,
        unnest([date '2020-02-29', date '2024-02-29', date '2024-05-31']) as start_date,
        unnest([
            [date '2021-02-27', date '2021-02-28', date '2026-09-30'],
            [date '2024-03-15', date '2024-03-31', date '2024-04-01'],
            [date '2024-12-31', date '2025-05-30', date '2025-05-31']
        ]) as ends
)
select * replace (
    case when affiliation_id like '%1' then '888' else profession_code end as profession_code
)
from raw.affiliations_entangled
union all
select delivered.* replace (
    turns.prefix || substr(affiliation_id, 3) as affiliation_id,
    'main' as category,
    'ex_officio' as origin,
    turns.start_date as start_date,
    turns.ends[1 + cast(substr(affiliation_id, 8) as integer) % 3] as end_date,
    case when affiliation_id like '%9' then 'category_change' else 'bankruptcy' end as end_reason
)
from raw.affiliations_delivered as delivered
cross join turns
where delivered.end_date < turns.start_date;
"""

#: The sample decides nearly every request on a date, covers the day of every event, and takes next
#: to nothing back of what it paid. Here are the other cases, by the last digit of a key.
ENTANGLE_REQUESTS = """
alter view raw.relief_requests rename to relief_requests_delivered;
create view raw.relief_requests as
select requests.* replace (
    coalesce(companies.company_id, requests.account_id) as account_id,
    case right(request_id, 1)
        when '1' then submitted_date + 4000 when '2' then null else decision_date
    end as decision_date,
    case when request_id like '%3' then null else complete_date end as complete_date,
    case when request_id like '%4' then null else from_quarter end as from_quarter,
    case when request_id like '%5' then '2010Q1' else to_quarter end as to_quarter
)
from raw.relief_requests_delivered as requests
left join raw.companies
    on request_id like '%6' and company_id = 'C' || substr(account_id, 2);
alter view raw.benefit_claims rename to benefit_claims_delivered;
create view raw.benefit_claims as
select * replace (
    case right(claim_id, 1)
        when '1' then submitted_date + 4000 when '2' then null else decision_date
    end as decision_date,
    case when claim_id like '%8' and benefit = 'birth_leave' then 'informal_carer' else benefit end
    as benefit,
    case right(claim_id, 1) when '3' then null when '4' then 'palliative' else cause end as cause,
    case right(claim_id, 1)
        when '5' then date '1999-01-01' when '6' then submitted_date + 700 else event_date
    end as event_date,
    case when claim_id like '%7' then null else with_family_charge end as with_family_charge
)
from raw.benefit_claims_delivered;
alter view raw.benefit_payments rename to benefit_payments_delivered;
create view raw.benefit_payments as
from raw.benefit_payments_delivered
union all
select * replace (
    'R' || benefit_payment_id as benefit_payment_id, -amount as amount, paid_date + 40 as paid_date
)
from raw.benefit_payments_delivered
where benefit_payment_id like '%1' or benefit_payment_id like '%2';
create view raw.undue as
select row_number() over (order by benefit_payment_id) as number, *
from raw.benefit_payments_delivered
where right(benefit_payment_id, 1) in ('3', '4', '5', '6') and paid_date is not null;
alter view raw.benefit_overpayments rename to benefit_overpayments_delivered;
create view raw.benefit_overpayments as
from raw.benefit_overpayments_delivered
union all by name
select 'O' || number as overpayment_id, claim_id, paid_date + 100 as established_date, amount,
    'error_fund' as cause, true as reasons_stated, true as appeal_stated
from raw.undue;
alter view raw.overpayment_movements rename to overpayment_movements_delivered;
create view raw.overpayment_movements as
from raw.overpayment_movements_delivered
union all by name
select 'M' || number as movement_id, 'O' || number as overpayment_id,
    paid_date + 400 as movement_date, cast(amount / 4 as decimal(14, 2)) as amount,
    (['repayment', 'withholding', 'waiver'])[1 + number % 3] as kind
from raw.undue;
-- The general ledger knows nothing of these.
alter view raw.ledger_totals rename to ledger_totals_delivered;
create view raw.ledger_totals as
from raw.ledger_totals_delivered
where ledger_line not in ('benefits_paid', 'overpayments_established');
"""

#: The sample tells the truth of its own day. Here some of it happens after the as-of date, some
#: contacts name no account, some mutualities no union, some requests no whole span of quarters;
#: companies leave on the last day of a year, incomes lie on the bounds of their classes.
AT_THE_EDGES = """
alter view raw.companies rename to companies_delivered;
create view raw.companies as
select * replace (
    case when year(closed_date) < 2026
        then make_date(year(closed_date), 12, 31)
        else closed_date
    end as closed_date
)
from raw.companies_delivered;
alter view raw.incomes rename to incomes_delivered;
create view raw.incomes as
select * replace (
    case when affiliate_id like '%9'
        then cast(cast(net_income / 5000 as integer) * 5000 as decimal(14, 2))
        else net_income
    end as net_income
)
from raw.incomes_delivered;
alter view raw.transmissions rename to transmissions_delivered;
create view raw.transmissions as
select * replace (
    case when transmission_id like '%4' then 'R-8' || recipient else recipient end as recipient,
    case when transmission_id like '%6' then due_date + 45 else sent_date end as sent_date
)
from raw.transmissions_delivered;
alter view raw.contacts rename to contacts_delivered;
create view raw.contacts as
select * replace (
    case when contact_id not like '%7' then account_id end as account_id,
    case when contact_id like '%3' then received_at + interval 5 month else first_answer_at end
        as first_answer_at,
    case when contact_id like '%3' then received_at + interval 6 month else closed_at end
        as closed_at
)
from raw.contacts_delivered;
alter view raw.insurance_requests rename to insurance_requests_delivered;
create view raw.insurance_requests as
select * replace (
    submitted_date + cast(substr(request_id, -1) as integer) + 3 as transmitted_date,
    case when request_id like '%5' then submitted_date + 900 else decision_date end
        as decision_date,
    case when request_id like '%3' then '2017Q4' else to_quarter end as to_quarter
)
from raw.insurance_requests_delivered;
alter view raw.notices rename to notices_delivered;
create view raw.notices as
select * replace (
    case when notice_id like '%9' then latest_date + 70 else sent_date end as sent_date
)
from raw.notices_delivered;
"""


def build_entangled(home: Path) -> Settings:
    """The fund, small enough for Python loops, loaded and built; its release is not published."""
    generate(home / "landing", affiliates=400, companies=150, deltas=0, seed=3)
    assert load_ready(home / "landing", home).refused is None
    settings = Settings.from_env(home=home, statistics="")
    build.prepare(settings, build.decide(settings))
    with duckdb.connect(str(home / "warehouse" / "history.duckdb")) as connection:
        connection.execute(ENTANGLE + TURNS + ENTANGLE_REQUESTS + AT_THE_EDGES)
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

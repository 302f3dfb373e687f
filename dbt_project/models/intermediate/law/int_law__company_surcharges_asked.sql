{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- What the law asks of companies up to a day (law of 30 December 1992 art. 93): months of delay on each part, paid by
-- then or still unpaid. Looked at is the day of each notice, and the day on which it was paid or the writ served, when
-- no more can run.
with claims as (
    select * from {{ ref('int_law__claims_dated') }}
    where in_slice(account_id)
),

days as (
    select
        claims.charge_id,
        least(charged.issue_date, claims.stop_date) as until_date
    from {{ ref('int_law__surcharges_charged') }} as charged
    inner join claims on charged.related_charge_id = claims.charge_id and charged.account_id = claims.account_id
    where charged.charge_type = 'company_surcharge'
    union
    select
        charge_id,
        least(settled_date, stop_date) as until_date
    from claims
    where
        surcharge_kind = 'company'
        and net_amount > 0
        and due_date >= year_start(first_year())
        and least(settled_date, stop_date) > due_date
),

paid as (
    select
        days.charge_id,
        days.until_date,
        allocations.value_date as part_date,
        sum(allocations.allocated_amount) as part_amount
    from days
    inner join {{ ref('fct_allocations') }} as allocations
        on
            days.charge_id = allocations.charge_id
            and days.until_date >= allocations.value_date
            and in_slice(allocations.account_id)
    group by days.charge_id, days.until_date, allocations.value_date
),

unpaid as (
    select
        days.charge_id,
        days.until_date,
        days.until_date as part_date,
        claims.net_amount - coalesce(sum(paid.part_amount), 0) as part_amount
    from days
    inner join claims on days.charge_id = claims.charge_id
    left join paid on days.charge_id = paid.charge_id and days.until_date = paid.until_date
    group by days.charge_id, days.until_date, claims.net_amount
),

parts as (
    select * from paid
    union all
    select * from unpaid
)

select
    parts.charge_id,
    claims.account_id,
    parts.until_date,
    sum(surcharge_amount(
        cast(parts.part_amount as decimal(18, 2)), rules.value,
        times := months_of_delay(claims.due_date, parts.part_date)
    )) as expected_amount
from parts
inner join claims on parts.charge_id = claims.charge_id
inner join {{ ref('law_surcharges') }} as rules
    on rules.surcharge_kind = 'company' and rules.period = 'month' and is_in_force(rules, claims.due_date)
group by parts.charge_id, claims.account_id, parts.until_date

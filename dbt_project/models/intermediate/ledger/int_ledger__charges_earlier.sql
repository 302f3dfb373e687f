{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- A figure is compared with what it was at the same age: a claim as it stood a year before the as-of date, and as it
-- stood on the day of the as-of date in the year of its own issue. What is known today of those days counts (C1): a
-- claim issued by then, its net amount of today, the allocations dated by then.
with claims as (
    select
        charge_id,
        account_id,
        issue_date,
        net_amount,
        years_added(as_of_date(), -1) as year_earlier,
        years_added(as_of_date(), year(issue_date) - year(as_of_date())) as same_day
    from {{ ref('fct_charges') }}
    where is_contribution(charge_type) and gross_amount > 0 and in_slice(account_id)
),

allocated as (
    select
        claims.charge_id,
        sum(allocations.allocated_amount) filter (where allocations.value_date <= claims.year_earlier)
            as allocated_year_earlier,
        sum(allocations.allocated_amount) filter (
            where allocations.credit_type = 'payment' and allocations.value_date <= claims.year_earlier
        ) as collected_year_earlier,
        sum(allocations.allocated_amount) filter (
            where allocations.credit_type = 'payment' and allocations.value_date <= claims.same_day
        ) as collected_same_day
    from claims
    inner join {{ ref('fct_allocations') }} as allocations on claims.charge_id = allocations.charge_id
    where in_slice(allocations.account_id) and allocations.value_date <= as_of_date()
    group by claims.charge_id
)

select
    claims.charge_id,
    claims.issue_date <= claims.year_earlier as is_claimed_year_earlier,
    cast(coalesce(allocated.collected_year_earlier, 0) as decimal(18, 2)) as collected_year_earlier_amount,
    cast(claims.net_amount - coalesce(allocated.allocated_year_earlier, 0) as decimal(18, 2))
        as outstanding_year_earlier_amount,
    claims.same_day,
    claims.issue_date <= claims.same_day as is_claimed_same_day,
    cast(coalesce(allocated.collected_same_day, 0) as decimal(18, 2)) as collected_same_day_amount
from claims
left join allocated on claims.charge_id = allocated.charge_id

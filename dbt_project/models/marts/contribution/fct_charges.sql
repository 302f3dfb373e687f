{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
with charges as (
    select * from {{ ref('int_ledger__charges_netted') }}
    where in_slice(account_id)
),

-- A9: amounts count what is dated up to the as-of date. A10: at the end of each day.
daily_allocations as (
    select
        charge_id,
        value_date,
        sum(allocated_amount) as allocated_amount,
        coalesce(sum(allocated_amount) filter (where credit_type = 'payment'), 0) as collected_amount
    from {{ ref('fct_allocations') }}
    where value_date <= as_of_date() and in_slice(account_id)
    group by charge_id, value_date
),

allocated as (
    select
        daily.charge_id,
        sum(daily.collected_amount) as collected_amount,
        -- A8: what is not money is a regularisation credit or the excess of a relief.
        sum(daily.allocated_amount - daily.collected_amount) as credited_amount,
        -- A11: a later refund does not change it.
        sum(daily.collected_amount) filter (where daily.value_date <= charges.due_date) as collected_on_time_amount,
        -- Royal decree of 19 December 1967, art. 60bis: by 31 December of the year of issue.
        sum(daily.collected_amount) filter (where year(daily.value_date) <= year(charges.issue_date))
            as collected_in_issue_year_amount,
        sum(daily.allocated_amount) filter (where year(daily.value_date) <= year(charges.issue_date))
            as allocated_in_issue_year_amount,
        max(daily.value_date) filter (where daily.allocated_amount <> 0) as last_change_date
    from daily_allocations as daily
    inner join charges on daily.charge_id = charges.charge_id
    group by daily.charge_id
),

positions as (
    select
        charges.*,
        coalesce(allocated.collected_amount, 0) as collected_amount,
        coalesce(allocated.credited_amount, 0) as credited_amount,
        charges.net_amount - coalesce(allocated.collected_amount, 0) - coalesce(allocated.credited_amount, 0)
            as outstanding_amount,
        coalesce(allocated.collected_on_time_amount, 0) as collected_on_time_amount,
        coalesce(allocated.collected_in_issue_year_amount, 0) as collected_in_issue_year_amount,
        charges.net_amount - coalesce(allocated.allocated_in_issue_year_amount, 0)
            as outstanding_at_issue_year_end_amount,
        allocated.last_change_date
    from charges
    left join allocated on charges.charge_id = allocated.charge_id
),

settled as (
    select
        *,
        -- A10; with a net of 0, the day of the reduction that brought it there.
        case
            when gross_amount <= 0 or outstanding_amount > 0 then null
            when net_amount = 0 then exhausted_date
            else last_change_date
        end as settled_date
    from positions
)

select
    settled.charge_id,
    settled.account_id,
    settled.account_type,
    settled.charge_type,
    settled.contribution_year,
    settled.contribution_quarter,
    settled.category,
    settled.nature,
    settled.issue_date,
    settled.due_date,
    settled.gross_amount,
    settled.cancelled_amount,
    settled.relief_amount,
    settled.net_amount,
    cast(settled.collected_amount as decimal(18, 2)) as collected_amount,
    cast(settled.credited_amount as decimal(18, 2)) as credited_amount,
    cast(settled.outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(settled.collected_on_time_amount as decimal(18, 2)) as collected_on_time_amount,
    settled.settled_date,
    cast(
        case
            when settled.settled_date is not null
                then greatest(datediff('day', settled.due_date, settled.settled_date), 0)
        end as integer
    ) as days_late,
    cast(
        case
            when settled.outstanding_amount > 0 and settled.due_date < as_of_date()
                then datediff('day', settled.due_date, as_of_date())
            else 0
        end as integer
    ) as days_past_due,
    -- B12
    compared.expected_amount,
    cast(settled.gross_amount - compared.expected_amount as decimal(18, 2)) as difference_amount,
    compared.difference_reason,
    settled.related_charge_id,
    cast(settled.collected_in_issue_year_amount as decimal(18, 2)) as collected_in_issue_year_amount,
    cast(settled.outstanding_at_issue_year_end_amount as decimal(18, 2)) as outstanding_at_issue_year_end_amount
from settled
left join {{ ref('int_law__charges_compared') }} as compared on settled.charge_id = compared.charge_id

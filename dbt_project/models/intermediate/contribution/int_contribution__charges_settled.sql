-- Allocations dated up to the as-of date, added up per charge (rulings A8-A11).
with dated as (
    select
        -- The type of the charges it is joined to: of two types the engine would make a wider third.
        cast(charge_number as ubigint) as charge_number,
        allocated_amount,
        value_date,
        -- Most charges are settled by one allocation: there is nothing to add up, and only the others are grouped.
        is_sole,
        credit_kind = 0 as is_collected,
        credit_kind = 0 and value_date <= due_date as is_on_time,
        year(value_date) <= {{ claim_issue_year('claim_code') }} as is_in_issue_year
    from {{ ref('fct_allocations_ledger') }}
    where
        value_date <= {{ as_of_date() }}
        and {{ only_touched('account_key', touched_by='account_key') }}
        and {{ in_slice('account_key') }}
),

summed as (
    select
        charge_number,
        case when is_collected then allocated_amount end as collected_amount,
        case when not is_collected then allocated_amount end as credited_amount,
        case when is_on_time then allocated_amount end as collected_on_time_amount,
        case when is_collected and is_in_issue_year then allocated_amount end as collected_in_issue_year_amount,
        case when is_in_issue_year then allocated_amount end as settled_in_issue_year_amount,
        value_date as last_change_date,
        false as has_refund
    from dated
    where is_sole
    union all
    select
        charge_number,
        sum(allocated_amount) filter (where is_collected) as collected_amount,
        sum(allocated_amount) filter (where not is_collected) as credited_amount,
        sum(allocated_amount) filter (where is_on_time) as collected_on_time_amount,
        sum(allocated_amount) filter (where is_collected and is_in_issue_year) as collected_in_issue_year_amount,
        sum(allocated_amount) filter (where is_in_issue_year) as settled_in_issue_year_amount,
        max(value_date) as last_change_date,
        bool_or(allocated_amount < 0) as has_refund
    from dated
    where not is_sole
    group by charge_number
),

-- Outstanding is taken at the end of each day (A10): a refund and a payment of one day that cancel out change nothing.
daily_changes as (
    select
        dated.charge_number,
        dated.value_date
    from dated
    inner join summed on dated.charge_number = summed.charge_number
    where summed.has_refund
    group by dated.charge_number, dated.value_date
    having sum(dated.allocated_amount) <> 0
),

last_daily_changes as (
    select
        charge_number,
        max(value_date) as last_change_date
    from daily_changes
    group by charge_number
)

select
    summed.charge_number,
    cast(coalesce(summed.collected_amount, 0) as decimal(18, 2)) as collected_amount,
    cast(coalesce(summed.credited_amount, 0) as decimal(18, 2)) as credited_amount,
    cast(coalesce(summed.collected_on_time_amount, 0) as decimal(18, 2)) as collected_on_time_amount,
    cast(coalesce(summed.collected_in_issue_year_amount, 0) as decimal(18, 2)) as collected_in_issue_year_amount,
    cast(coalesce(summed.settled_in_issue_year_amount, 0) as decimal(18, 2)) as settled_in_issue_year_amount,
    case when summed.has_refund then daily.last_change_date else summed.last_change_date end as last_change_date
from summed
left join last_daily_changes as daily on summed.charge_number = daily.charge_number

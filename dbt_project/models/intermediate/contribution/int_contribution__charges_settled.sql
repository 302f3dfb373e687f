-- Allocations dated up to the as-of date, added up per charge (rulings A8-A11).
with dated as (
    select
        account_key,
        charge_code,
        {{ claim_issue_year('claim_code') }} as issue_year,
        allocated_amount,
        {{ code_kind('credit_code') }} as credit_kind,
        {{ code_date('credit_code') }} as value_date,
        {{ code_date('charge_code') }} as due_date
    from {{ ref('int_contribution__allocations_unioned') }}
    where {{ code_date('credit_code') }} <= {{ as_of_date() }} and {{ in_slice('account_key') }}
),

-- Most charges are settled by one allocation: there is nothing to add up, and only the others are grouped.
repeated as (
    select charge_code
    from dated
    group by charge_code
    having count(*) > 1
),

flagged as (
    select
        dated.*,
        repeated.charge_code is null as is_alone,
        dated.credit_kind = 0 as is_collected,
        dated.credit_kind = 0 and dated.value_date <= dated.due_date as is_on_time,
        year(dated.value_date) <= dated.issue_year as is_in_issue_year
    from dated
    left join repeated on dated.charge_code = repeated.charge_code
),

summed as (
    select
        charge_code,
        account_key,
        case when is_collected then allocated_amount end as collected_amount,
        case when not is_collected then allocated_amount end as credited_amount,
        case when is_on_time then allocated_amount end as collected_on_time_amount,
        case when is_collected and is_in_issue_year then allocated_amount end as collected_in_issue_year_amount,
        case when is_in_issue_year then allocated_amount end as settled_in_issue_year_amount,
        value_date as last_change_date,
        false as has_refund
    from flagged
    where is_alone
    union all
    select
        charge_code,
        max(account_key) as account_key,
        sum(allocated_amount) filter (where is_collected) as collected_amount,
        sum(allocated_amount) filter (where not is_collected) as credited_amount,
        sum(allocated_amount) filter (where is_on_time) as collected_on_time_amount,
        sum(allocated_amount) filter (where is_collected and is_in_issue_year) as collected_in_issue_year_amount,
        sum(allocated_amount) filter (where is_in_issue_year) as settled_in_issue_year_amount,
        max(value_date) as last_change_date,
        bool_or(allocated_amount < 0) as has_refund
    from flagged
    where not is_alone
    group by charge_code
),

-- Outstanding is taken at the end of each day (A10): a refund and a payment of one day that cancel out change nothing.
daily_changes as (
    select
        dated.charge_code,
        dated.value_date
    from dated
    inner join summed on dated.charge_code = summed.charge_code
    where summed.has_refund
    group by dated.charge_code, dated.value_date
    having sum(dated.allocated_amount) <> 0
),

last_daily_changes as (
    select
        charge_code,
        max(value_date) as last_change_date
    from daily_changes
    group by charge_code
)

select
    summed.account_key,
    {{ code_number('summed.charge_code') }} as charge_number,
    cast(coalesce(summed.collected_amount, 0) as decimal(18, 2)) as collected_amount,
    cast(coalesce(summed.credited_amount, 0) as decimal(18, 2)) as credited_amount,
    cast(coalesce(summed.collected_on_time_amount, 0) as decimal(18, 2)) as collected_on_time_amount,
    cast(coalesce(summed.collected_in_issue_year_amount, 0) as decimal(18, 2)) as collected_in_issue_year_amount,
    cast(coalesce(summed.settled_in_issue_year_amount, 0) as decimal(18, 2)) as settled_in_issue_year_amount,
    case when summed.has_refund then daily.last_change_date else summed.last_change_date end as last_change_date
from summed
left join last_daily_changes as daily on summed.charge_code = daily.charge_code

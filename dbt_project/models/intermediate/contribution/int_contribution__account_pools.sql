-- The pool of an account at the as-of date, worked out from totals alone: C less what the line can take of it. It owes
-- nothing to the sort that makes the allocations, so comparing the two proves conservation.
with credits as (
    select
        account_key,
        amount,
        value_date as credit_date
    from {{ ref('int_contribution__payments_scoped') }}
    union all
    select
        account_key,
        -amount as amount,
        issue_date as credit_date
    from {{ ref('int_contribution__charges_scoped') }}
    where charge_type = 'regularisation' and amount < 0
    union all
    select
        account_key,
        amount - applied_amount as amount,
        reduction_date as credit_date
    from {{ ref('int_contribution__reductions_applied') }}
),

figures as (
    select
        account_key,
        case when credit_date <= {{ as_of_date() }} then amount else 0 end as credits_amount,
        0 as designated_amount,
        0 as line_amount,
        case when credit_date > {{ as_of_date() }} then credit_date end as next_credit_date
    from credits
    union all
    select
        account_key,
        0 as credits_amount,
        case when {{ code_date('credit_code') }} <= {{ as_of_date() }} then allocated_amount else 0 end
            as designated_amount,
        -allocated_amount as line_amount,
        null as next_credit_date
    from {{ ref('int_contribution__designated_allocations') }}
    union all
    select
        account_key,
        0 as credits_amount,
        0 as designated_amount,
        amount as line_amount,
        null as next_credit_date
    from {{ ref('int_contribution__charges_scoped') }}
    where amount > 0
    union all
    select
        account_key,
        0 as credits_amount,
        0 as designated_amount,
        -applied_amount as line_amount,
        null as next_credit_date
    from {{ ref('int_contribution__reductions_applied') }}
),

totals as (
    select
        account_key,
        sum(credits_amount) as credits_amount,
        sum(credits_amount) - sum(designated_amount) as pool_amount,
        sum(line_amount) as line_amount,
        min(next_credit_date) as next_credit_date
    from figures
    group by account_key
)

select
    account_key,
    cast(credits_amount as decimal(18, 2)) as credits_amount,
    cast(pool_amount - least(greatest(pool_amount, 0), line_amount) as decimal(18, 2)) as unallocated_amount,
    next_credit_date
from totals

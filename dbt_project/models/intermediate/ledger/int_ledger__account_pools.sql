-- The pool of an account at the as-of date, from totals alone: what came in less what the line can take of it. It owes
-- nothing to the order of charges and credits, so that comparing it with the allocations proves conservation.
with amounts as (
    select
        account_id,
        case when value_date <= as_of_date() then amount else 0 end as credits_amount,
        0 as designated_amount,
        0 as line_amount
    from {{ ref('stg_payments') }}
    union all
    select
        account_id,
        case when issue_date <= as_of_date() then -gross_amount else 0 end as credits_amount,
        0 as designated_amount,
        0 as line_amount
    from {{ ref('int_ledger__charges_netted') }}
    where charge_type = 'regularisation' and gross_amount < 0
    union all
    select
        account_id,
        case when reduction_date <= as_of_date() then amount - applied_amount else 0 end as credits_amount,
        0 as designated_amount,
        0 as line_amount
    from {{ ref('int_ledger__reductions') }}
    union all
    select
        account_id,
        0 as credits_amount,
        case when value_date <= as_of_date() then allocated_amount else 0 end as designated_amount,
        -allocated_amount as line_amount
    from {{ ref('int_ledger__designated_allocations') }}
    union all
    select
        account_id,
        0 as credits_amount,
        0 as designated_amount,
        net_amount as line_amount
    from {{ ref('int_ledger__charges_netted') }}
),

totals as (
    select
        account_id,
        sum(credits_amount) as credits_amount,
        sum(credits_amount) - sum(designated_amount) as pool_amount,
        sum(line_amount) as line_amount
    from amounts
    group by account_id
)

select
    account_id,
    cast(credits_amount as decimal(18, 2)) as credits_amount,
    -- A6: the pool covers nothing below 0.
    cast(pool_amount - least(greatest(pool_amount, 0), line_amount) as decimal(18, 2)) as unallocated_amount
from totals

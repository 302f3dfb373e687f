-- Conservation (definitions section 2): net charges - outstanding + unallocated pool = all credits, per account.
with charges as (
    select
        account_id,
        sum(net_amount) as net_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('fct_charges') }}
    group by account_id
),

balances as (
    select
        coalesce(charges.account_id, pools.account_id) as account_id,
        coalesce(charges.net_amount, 0) as net_amount,
        coalesce(charges.outstanding_amount, 0) as outstanding_amount,
        coalesce(pools.unallocated_amount, 0) as unallocated_amount,
        coalesce(pools.credits_amount, 0) as credits_amount
    from charges
    full outer join {{ ref('int_ledger__account_pools') }} as pools on charges.account_id = pools.account_id
)

select
    account_id,
    account_type(account_id) as account_type,
    cast(net_amount as decimal(18, 2)) as net_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(unallocated_amount as decimal(18, 2)) as unallocated_amount,
    cast(credits_amount as decimal(18, 2)) as credits_amount,
    cast(net_amount - outstanding_amount + unallocated_amount - credits_amount as decimal(18, 2)) as difference_amount
from balances

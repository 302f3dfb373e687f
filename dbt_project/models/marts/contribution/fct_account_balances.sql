{{ config(materialized='incremental', incremental_strategy='replace_touched', on_schema_change='fail') }}

with charges as (
    select
        account_key,
        sum(net_amount) as net_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ charges_in_scope() }}
    where {{ only_touched('account_key', touched_by='account_key') }}
    group by account_key
)

select
    {{ account_id('coalesce(charges.account_key, pools.account_key)') }} as account_id,
    {{ account_type('coalesce(charges.account_key, pools.account_key)') }} as account_type,
    cast(coalesce(charges.net_amount, 0) as decimal(18, 2)) as net_amount,
    cast(coalesce(charges.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
    cast(coalesce(pools.unallocated_amount, 0) as decimal(18, 2)) as unallocated_amount,
    cast(coalesce(pools.credits_amount, 0) as decimal(18, 2)) as credits_amount,
    cast(
        coalesce(charges.net_amount, 0) - coalesce(charges.outstanding_amount, 0)
        + coalesce(pools.unallocated_amount, 0) - coalesce(pools.credits_amount, 0)
        as decimal(18, 2)
    ) as difference_amount,
    pools.next_credit_date
from charges
full outer join {{ ref('int_contribution__account_pools') }} as pools on charges.account_key = pools.account_key

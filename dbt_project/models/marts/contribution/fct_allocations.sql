{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Definitions section 2, "Imputation": where a movement of the pool and the stretch of a charge overlap, that much of
-- the charge is covered, on the day of the credit; a refund takes back what it passes over. Designated payments come
-- before. The join is on the account, which pairs every charge with every credit of it before the overlap is looked
-- at: the account with the most of both decides what that costs (benchmarks/README.md).
with from_the_pool as (
    select
        stretches.account_id,
        stretches.charge_no,
        pool.credit_id,
        pool.credit_type,
        false as designated,
        pool.value_date,
        (case when pool.is_refund then -1 else 1 end)
        * (least(pool.high, stretches.line_to) - greatest(pool.low, stretches.line_from)) as allocated_amount
    from {{ ref('int_ledger__charge_line') }} as stretches
    inner join {{ ref('int_ledger__pool_movements') }} as pool
        on
            stretches.account_id = pool.account_id
            and stretches.line_to > pool.low
            and stretches.line_from < pool.high
),

designated as (
    select
        account_id,
        charge_no,
        payment_id as credit_id,
        'payment' as credit_type,
        true as designated,
        value_date,
        allocated_amount
    from {{ ref('int_ledger__designated_allocations') }}
    where allocated_amount <> 0 and in_slice(account_id)
),

allocations as (
    select * from from_the_pool
    union all
    select * from designated
)

select
    account_id,
    charge_id_of(charge_no) as charge_id,
    credit_id,
    credit_type,
    designated,
    value_date,
    cast(allocated_amount as decimal(18, 2)) as allocated_amount
from allocations

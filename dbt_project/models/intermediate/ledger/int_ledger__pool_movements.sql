-- Definitions section 2: every credit and refund of an account that is not designated, in order of date, credits before
-- refunds, identifier in byte order (A5), with the running total C before and after it. Below 0 the pool covers
-- nothing (A6), so a movement is cut there; one that stays below 0 moves nothing.
with payments as (
    select
        account_id,
        payment_id as credit_id,
        'payment' as credit_type,
        value_date,
        amount
    from {{ ref('stg_payments') }}
    where (charge_id is null or amount < 0) and in_slice(account_id)
),

designated_excesses as (
    select
        account_id,
        payment_id as credit_id,
        'payment' as credit_type,
        value_date,
        amount - allocated_amount as amount
    from {{ ref('int_ledger__designated_allocations') }}
    where amount > allocated_amount and in_slice(account_id)
),

regularisation_credits as (
    select
        account_id,
        charge_id as credit_id,
        'regularisation_credit' as credit_type,
        issue_date as value_date,
        -gross_amount as amount
    from {{ ref('int_ledger__charges_netted') }}
    where charge_type = 'regularisation' and gross_amount < 0 and in_slice(account_id)
),

relief_excesses as (
    select
        account_id,
        reduction_id as credit_id,
        'relief_excess' as credit_type,
        reduction_date as value_date,
        amount - applied_amount as amount
    from {{ ref('int_ledger__reductions') }}
    where amount > applied_amount and in_slice(account_id)
),

credits as (
    select * from payments
    union all
    select * from designated_excesses
    union all
    select * from regularisation_credits
    union all
    select * from relief_excesses
),

running as (
    select
        account_id,
        credit_id,
        credit_type,
        value_date,
        cast(amount as decimal(18, 2)) as amount,
        cast(sum(cast(amount as decimal(18, 2))) over (
            partition by account_id
            order by value_date, amount < 0, credit_id
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as pool_after
    from credits
),

movements as (
    select
        account_id,
        credit_id,
        credit_type,
        value_date,
        amount < 0 as is_refund,
        cast(greatest(least(pool_after - amount, pool_after), 0) as decimal(18, 2)) as low,
        cast(greatest(pool_after - amount, pool_after, 0) as decimal(18, 2)) as high
    from running
)

select * from movements
where low < high

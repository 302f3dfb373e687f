-- Every credit and refund of an account in order of date, credits before refunds, identifier in byte order (A5), with
-- the running total C before and after it. Below 0 the pool covers nothing (A6), so movements are cut at 0.
with undesignated_payments as (
    select
        account_key,
        {{ ledger_code('value_date', 0, 'payment_number') }} as credit_code,
        value_date as credit_date,
        {{ id_place(80, 'payment_number') }} as credit_place,
        cast(amount as decimal(18, 2)) as amount
    from {{ ref('int_contribution__payments_scoped') }}
    where (designated_charge_number is null or amount < 0) and {{ in_slice('account_key') }}
),

designated_excesses as (
    select
        account_key,
        credit_code,
        value_date as credit_date,
        {{ id_place(80, 'payment_number') }} as credit_place,
        cast(amount - allocated_amount as decimal(18, 2)) as amount
    from {{ ref('int_contribution__designated_allocations') }}
    where amount <> allocated_amount and {{ in_slice('account_key') }}
),

regularisation_credits as (
    select
        account_key,
        {{ ledger_code('issue_date', 1, 'charge_number') }} as credit_code,
        issue_date as credit_date,
        {{ id_place(68, 'charge_number') }} as credit_place,
        cast(-amount as decimal(18, 2)) as amount
    from {{ ref('int_contribution__charges_scoped') }}
    where charge_type = 'regularisation' and amount < 0 and {{ in_slice('account_key') }}
),

relief_excesses as (
    select
        account_key,
        {{ ledger_code('reduction_date', 2, 'reduction_number') }} as credit_code,
        reduction_date as credit_date,
        {{ text_place('reduction_id') }} as credit_place,
        cast(amount - applied_amount as decimal(18, 2)) as amount
    from {{ ref('int_contribution__reductions_applied') }}
    where amount <> applied_amount and {{ in_slice('account_key') }}
),

credits as (
    select * from undesignated_payments
    union all
    select * from designated_excesses
    union all
    select * from regularisation_credits
    union all
    select * from relief_excesses
),

running as (
    select
        account_key,
        credit_code,
        amount,
        cast(sum(amount) over account_order as decimal(18, 2)) as pool_after,
        sum(cast(amount < 0 as integer)) over account_order as refunds_so_far
    from credits
    window
        account_order as (
            partition by account_key
            order by credit_date, amount < 0, credit_place, credit_code
            rows between unbounded preceding and current row
        )
),

movements as (
    select
        account_key,
        credit_code,
        amount < 0 as is_refund,
        -- A run is a stretch of movements in one direction: the credits between two refunds, or one refund.
        cast(2 * refunds_so_far - cast(amount < 0 as integer) as integer) as run_number,
        greatest(least(pool_after - amount, pool_after), 0) as low,
        greatest(pool_after - amount, pool_after, 0) as high
    from running
)

select
    account_key,
    run_number,
    credit_code,
    is_refund,
    cast(low as decimal(18, 2)) as low,
    cast(high as decimal(18, 2)) as high
from movements
where high > low

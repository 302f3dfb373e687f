{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Definitions section 2: a designated payment covers its charge first, in order of value date, payment; what is left
-- joins the pool. A4: a refund is never designated; a designation to another account's charge, or to one without net
-- amount, covers nothing.
with designated as (
    select
        payments.payment_id,
        payments.account_id,
        payments.value_date,
        payments.amount,
        charges.charge_no,
        coalesce(charges.net_amount, 0) as net_amount
    from {{ ref('stg_payments') }} as payments
    left join {{ ref('int_ledger__charges_netted') }} as charges
        on
            payments.charge_id = charges.charge_id
            and payments.account_id = charges.account_id
            and in_slice(charges.account_id)
    where payments.charge_id is not null and payments.amount > 0 and in_slice(payments.account_id)
),

running as (
    select
        *,
        sum(amount) over (
            partition by charge_no
            order by value_date, payment_id
            rows between unbounded preceding and current row
        ) as amount_so_far
    from designated
)

select
    account_id,
    charge_no,
    payment_id,
    value_date,
    amount,
    cast(
        case
            when net_amount > 0
                then least(amount_so_far, net_amount) - least(amount_so_far - amount, net_amount)
            else 0
        end as decimal(18, 2)
    ) as allocated_amount
from running

{{ config(materialized='sliced') }}
-- Rulings A4: a refund is never designated; a payment designated to another account's charge, or to one without net
-- amount, covers nothing there (net 0 below) and joins the pool of its own account as a whole.
with designations as (
    select
        payments.payment_number,
        payments.account_key,
        payments.value_date,
        payments.amount,
        charges.charge_number,
        charges.due_date,
        charges.claim_code,
        coalesce(greatest(charges.amount - coalesce(reduced.applied_amount, 0), 0), 0) as net_amount
    from {{ ref('int_contribution__payments_scoped') }} as payments
    left join {{ ref('int_contribution__charges_classified') }} as charges
        on
            payments.designated_charge_number = charges.charge_number
            and payments.account_key = charges.account_key
            and {{ in_slice('charges.account_key') }}
    left join {{ ref('int_contribution__charges_reduced') }} as reduced
        on charges.charge_number = reduced.charge_number
    where
        payments.designated_charge_number is not null
        and payments.amount > 0
        and {{ in_slice('payments.account_key') }}
),

running as (
    select
        *,
        sum(amount) over (
            partition by charge_number
            order by value_date, payment_number
            rows between unbounded preceding and current row
        ) as amount_so_far
    from designations
)

select
    account_key,
    charge_number,
    {{ ledger_code('due_date', 0, 'charge_number') }} as charge_code,
    claim_code,
    payment_number,
    {{ ledger_code('value_date', 0, 'payment_number') }} as credit_code,
    value_date,
    amount,
    cast(
        case
            when net_amount = 0 then 0
            else least(amount_so_far, net_amount) - least(amount_so_far - amount, net_amount)
        end as decimal(18, 2)
    ) as allocated_amount,
    -- The first payment for a charge, and as much as it: nothing is left for another.
    amount_so_far = amount and amount >= net_amount as is_sole
from running

-- Everything that enters or leaves the pool of an account: payments that are not designated, or the excess of those
-- that are; regularisation credits; relief beyond what its charge had left. `credit_place` is the place of the
-- identifier in byte order (ruling A5).
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
)

select * from undesignated_payments
union all
select * from designated_excesses
union all
select * from regularisation_credits
union all
select * from relief_excesses

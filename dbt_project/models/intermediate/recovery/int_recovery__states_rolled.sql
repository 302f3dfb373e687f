{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C4, from each quarter end to the next.
with outstanding as (
    select
        *,
        quarter_end(reference_date + 1) as next_date
    from {{ ref('int_recovery__arrears_at_quarter_ends') }}
    where reference_date = quarter_end(reference_date) and in_slice(account_id)
),

allocated as (
    select
        charge_id,
        quarter_end(value_date) as next_date,
        sum(allocated_amount) as allocated_amount
    from {{ ref('fct_allocations') }}
    where value_date <= as_of_date() and in_slice(account_id)
    group by all
),

-- Amounts per charge: of what is outstanding, min(now, at the next quarter end) goes to the state of the charge then.
moved as (
    select
        outstanding.account_type,
        outstanding.reference_date,
        outstanding.next_date,
        outstanding.due_date,
        sum(outstanding.outstanding_amount) as outstanding_amount,
        sum(outstanding.outstanding_amount - greatest(coalesce(allocated.allocated_amount, 0), 0)) as kept_amount
    from outstanding
    left join allocated
        on outstanding.charge_id = allocated.charge_id and outstanding.next_date = allocated.next_date
    group by all
),

-- Debtors per account: the bucket of its oldest arrear, else not_due.
debtors as (
    select
        account_type,
        account_id,
        reference_date,
        next_date,
        min(due_date) as oldest_due_date
    from outstanding
    group by all
),

debtors_moved as (
    select
        debtors.account_type,
        debtors.reference_date,
        debtors.next_date,
        arrears_state(debtors.reference_date - debtors.oldest_due_date) as from_state,
        coalesce(arrears_state(debtors.next_date - later.oldest_due_date), 'settled') as to_state
    from debtors
    left join debtors as later
        on debtors.account_id = later.account_id and debtors.next_date = later.reference_date
),

cells as (
    select
        account_type,
        reference_date,
        next_date,
        arrears_state(reference_date - due_date) as from_state,
        arrears_state(next_date - due_date) as to_state,
        0 as debtors,
        kept_amount as outstanding_amount
    from moved
    union all
    -- The rest is settled.
    select
        account_type,
        reference_date,
        next_date,
        arrears_state(reference_date - due_date) as from_state,
        'settled' as to_state,
        0 as debtors,
        outstanding_amount - kept_amount as outstanding_amount
    from moved
    union all
    select
        *,
        1 as debtors,
        0 as outstanding_amount
    from debtors_moved
)

select
    account_type,
    reference_date as from_date,
    next_date as to_date,
    from_state,
    to_state,
    cast(sum(debtors) as bigint) as debtors,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from cells
where next_date <= as_of_date()
group by all

{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C4, from each quarter end to the next. What is due on one day has one state at each of them. (Not materialized: two
-- sums read these rows as they are spread, and keeping them costs more.)
with outstanding as not materialized (
    select
        account_id,
        account_type,
        due_date,
        outstanding_amount,
        unnest(range(
            quarter_index(from_date), least(quarter_index(before_date), last_ended_quarter(as_of_date()) + 1)
        )) as quarter
    from {{ ref('int_recovery__charge_balances') }}
    where in_slice(account_id)
),

outstanding_amounts as (
    select
        account_type,
        due_date,
        quarter,
        sum(outstanding_amount) as outstanding_amount
    from outstanding
    group by all
),

-- Amounts per charge: of what is outstanding, min(now, at the next quarter end) stays so; the rest is what is allocated
-- to the charge in between, when that is more than what is taken back.
allocated as (
    select
        charge_id,
        quarter_index(value_date) - 1 as quarter,
        sum(allocated_amount) as allocated_amount
    from {{ ref('fct_allocations') }}
    where value_date <= as_of_date() and in_slice(account_id)
    group by all
    having sum(allocated_amount) > 0
),

settled_amounts as (
    select
        charges.account_type,
        charges.due_date,
        allocated.quarter,
        sum(allocated.allocated_amount) as settled_amount
    from allocated
    inner join {{ ref('fct_charges') }} as charges on allocated.charge_id = charges.charge_id
    where quarter_index(charges.issue_date) <= allocated.quarter and in_slice(charges.account_id)
    group by all
),

amounts as (
    select
        outstanding.account_type,
        outstanding.due_date,
        outstanding.quarter,
        outstanding.outstanding_amount,
        coalesce(settled.settled_amount, 0) as settled_amount
    from outstanding_amounts as outstanding
    left join settled_amounts as settled
        on
            outstanding.account_type = settled.account_type
            and outstanding.due_date = settled.due_date
            and outstanding.quarter = settled.quarter
),

-- Debtors per account: the bucket of its oldest arrear, else not_due.
debtors as (
    select
        account_id,
        quarter,
        min(due_date) as oldest_due_date
    from outstanding
    group by all
),

debtors_moved as (
    select
        account_type(debtors.account_id) as account_type,
        debtors.quarter,
        debtors.oldest_due_date,
        later.oldest_due_date as later_due_date
    from debtors
    left join debtors as later on debtors.account_id = later.account_id and debtors.quarter + 1 = later.quarter
),

cells as (
    select
        account_type,
        quarter,
        arrears_state(quarter_index_end(quarter) - due_date) as from_state,
        arrears_state(quarter_index_end(quarter + 1) - due_date) as to_state,
        0 as debtors,
        outstanding_amount - settled_amount as outstanding_amount
    from amounts
    union all
    select
        account_type,
        quarter,
        arrears_state(quarter_index_end(quarter) - due_date) as from_state,
        'settled' as to_state,
        0 as debtors,
        settled_amount as outstanding_amount
    from amounts
    union all
    select
        account_type,
        quarter,
        arrears_state(quarter_index_end(quarter) - oldest_due_date) as from_state,
        coalesce(arrears_state(quarter_index_end(quarter + 1) - later_due_date), 'settled') as to_state,
        1 as debtors,
        0 as outstanding_amount
    from debtors_moved
)

select
    account_type,
    quarter_index_end(quarter) as from_date,
    quarter_index_end(quarter + 1) as to_date,
    from_state,
    to_state,
    cast(sum(debtors) as bigint) as debtors,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from cells
where quarter < last_ended_quarter(as_of_date())
group by all

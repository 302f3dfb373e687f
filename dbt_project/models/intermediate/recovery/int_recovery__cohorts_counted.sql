{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C1: claimed types, net > 0. What came in before the quarter of the due date counts in that quarter (k = 0).
with charges as (
    select
        charges.charge_id,
        quarter_index(charges.due_date) as due_quarter,
        charges.account_type,
        charges.nature,
        coalesce(origins.origin, 'unknown') as affiliation_origin,
        charges.net_amount
    from {{ ref('fct_charges') }} as charges
    left join {{ ref('int_recovery__origins_dated') }} as origins
        on
            charges.account_id = origins.account_id
            and charges.due_date >= origins.from_date
            and charges.due_date < origins.before_date
    where charges.net_amount > 0 and is_contribution(charges.charge_type) and in_slice(charges.account_id)
),

payments as (
    select
        charge_id,
        quarter_index(value_date) as paid_quarter,
        sum(allocated_amount) as collected_amount
    from {{ ref('fct_allocations') }}
    where credit_type = 'payment' and value_date <= as_of_date() and in_slice(account_id)
    group by all
),

movements as (
    select
        due_quarter,
        account_type,
        nature,
        affiliation_origin,
        0 as quarters_since_due,
        1 as charges,
        net_amount as claimed_amount,
        0 as collected_amount
    from charges
    union all
    select
        charges.due_quarter,
        charges.account_type,
        charges.nature,
        charges.affiliation_origin,
        greatest(payments.paid_quarter - charges.due_quarter, 0) as quarters_since_due,
        0 as charges,
        0 as claimed_amount,
        payments.collected_amount
    from charges
    inner join payments on charges.charge_id = payments.charge_id
)

select
    due_quarter,
    account_type,
    nature,
    affiliation_origin,
    quarters_since_due,
    cast(sum(charges) as bigint) as charges,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount
from movements
group by all

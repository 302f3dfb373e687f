{{ config(materialized='view') }}
-- What is outstanding at each quarter end and at the as-of date, spread over them only when it is read: a country has
-- some 250 million of these rows, and writing them costs more than all that reads them. Who counts accounts does so
-- slice by slice (macros/slices.sql).
with staged as (
    select
        balances.account_id,
        balances.account_type,
        balances.charge_id,
        balances.claim_group,
        balances.contribution_year,
        balances.nature,
        balances.due_date,
        balances.outstanding_amount,
        coalesce(held_stages.stage, 'none') as stage,
        greatest(balances.from_date, held_stages.from_date) as from_date,
        least(balances.before_date, held_stages.before_date) as before_date
    from {{ ref('int_recovery__charge_balances') }} as balances
    left join {{ ref('int_recovery__charges_held') }} as held on balances.charge_id = held.charge_id
    left join {{ ref('int_recovery__held_stages') }} as held_stages
        on
            held.account_id = held_stages.account_id
            and held.case_ids = held_stages.case_ids
            and balances.from_date < held_stages.before_date
            and balances.before_date > held_stages.from_date
),

spread as (
    select
        *,
        unnest(range(
            quarter_index(from_date), least(quarter_index(before_date), quarter_index(as_of_date()) + 1)
        )) as reference_quarter
    from staged
),

-- The as-of date stands for the end of its quarter.
dated as (
    select
        *,
        least(quarter_index_end(reference_quarter), as_of_date()) as reference_date
    from spread
)

select
    reference_date,
    account_id,
    account_type,
    charge_id,
    claim_group,
    contribution_year,
    nature,
    due_date,
    outstanding_amount,
    arrears_state(reference_date - due_date) as state,
    stage
from dated

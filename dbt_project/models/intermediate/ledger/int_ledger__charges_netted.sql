{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Definitions section 2: net = gross - cancelled - relief, never below 0, with every reduction known at the release
-- (A2).
with reduced as (
    select
        charge_id,
        sum(amount) filter (where reduction_type = 'cancellation') as cancelled_amount,
        sum(amount) filter (where reduction_type = 'relief') as relief_amount,
        sum(applied_amount) as applied_amount,
        min(reduction_date) filter (where is_exhausted) as exhausted_date
    from {{ ref('int_ledger__reductions') }}
    where in_slice(account_id)
    group by charge_id
)

select
    charges.charge_id,
    cast(substr(charges.charge_id, 2) as bigint) as charge_no,
    charges.account_id,
    account_type(charges.account_id) as account_type,
    charges.charge_type,
    charges.contribution_year,
    charges.contribution_quarter,
    charges.category,
    -- A13
    case
        when charges.account_id like 'C%' then 'company'
        else coalesce(categories.nature, inherited.nature, 'unknown')
    end as nature,
    charges.issue_date,
    charges.due_date,
    cast(charges.amount as decimal(18, 2)) as gross_amount,
    -- A1, A12: a negative row has nothing to reduce; what points to it became a credit as a whole.
    cast(case when charges.amount > 0 then coalesce(reduced.cancelled_amount, 0) else 0 end as decimal(18, 2))
        as cancelled_amount,
    cast(case when charges.amount > 0 then coalesce(reduced.relief_amount, 0) else 0 end as decimal(18, 2))
        as relief_amount,
    cast(greatest(charges.amount, 0) - coalesce(reduced.applied_amount, 0) as decimal(18, 2)) as net_amount,
    charges.related_charge_id,
    reduced.exhausted_date
from {{ ref('stg_charges') }} as charges
left join reduced on charges.charge_id = reduced.charge_id
left join {{ ref('categories') }} as categories on charges.category = categories.category
left join {{ ref('int_ledger__natures_inherited') }} as inherited on charges.charge_id = inherited.charge_id
where in_slice(charges.account_id)

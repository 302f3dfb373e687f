{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Definitions section 2: outstanding at t = net amount - all allocations with date <= t. It changes only on a day on
-- which something is allocated, so a charge has a few spans of days with one amount. They begin with its notice, and
-- what came in before is taken off from the start. A span that holds still ends on 31 December 9999.
with charges as (
    select *
    from {{ ref('fct_charges') }}
    where
        net_amount > 0
        -- What is settled for good within the quarter of its notice is outstanding at the end of none.
        and (settled_date is null or quarter_index(settled_date) > quarter_index(issue_date))
        and in_slice(account_id)
),

movements as (
    select
        charge_id,
        issue_date as from_date,
        net_amount as amount
    from charges
    union all
    select
        allocations.charge_id,
        greatest(allocations.value_date, charges.issue_date) as from_date,
        -allocations.allocated_amount as amount
    from {{ ref('fct_allocations') }} as allocations
    inner join charges on allocations.charge_id = charges.charge_id
    where allocations.value_date <= as_of_date() and in_slice(allocations.account_id)
),

daily as (
    select
        charge_id,
        from_date,
        cast(sum(amount) as decimal(18, 2)) as amount
    from movements
    group by charge_id, from_date
),

spans as (
    select
        charge_id,
        from_date,
        lead(from_date, 1, date '9999-12-31') over charge_order as before_date,
        cast(sum(amount) over charge_order as decimal(18, 2)) as outstanding_amount
    from daily
    window charge_order as (partition by charge_id order by from_date)
)

select
    charges.account_id,
    charges.account_type,
    spans.charge_id,
    claim_types.claim_group,
    charges.contribution_year,
    charges.nature,
    charges.due_date,
    spans.from_date,
    spans.before_date,
    spans.outstanding_amount
from spans
inner join charges on spans.charge_id = charges.charge_id
inner join {{ ref('claim_types') }} as claim_types on charges.charge_type = claim_types.charge_type
where spans.outstanding_amount > 0

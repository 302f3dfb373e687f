{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_recovery__runs_before') }}

-- What is outstanding on a charge changes only when something is allocated to it. So a charge has a few runs of quarter
-- ends with one amount, and never a row for each quarter end it lived through. The last run has no end.
with seen as (
    select
        charges.charge_number,
        charges.account_key,
        cast({{ claim_nature_rank('charges.claim_code') }} as tinyint) as nature_rank,
        charges.due_date,
        {{ quarter_index('charges.issue_date') }} as issue_index,
        charges.net_amount
    from {{ charges_in_scope() }} as charges
    where
        charges.net_amount > 0
        -- What is settled for good within the quarter of its notice is never seen at the end of one.
        and (
            charges.settled_date is null
            or {{ quarter_index('charges.settled_date') }} > {{ quarter_index('charges.issue_date') }}
        )
        and {{ only_scoped_keys('charges.account_key') }}
),

allocations as (
    select
        charge_number,
        {{ quarter_index('value_date') }} as value_index,
        allocated_amount,
        is_sole
    from {{ ref('fct_allocations_ledger') }}
    where value_date <= {{ as_of_date() }} and {{ only_scoped_keys('account_key') }}
),

-- Most are settled by one allocation: one run, up to the quarter end before, and nothing to add up.
settled_at_once as (
    select
        seen.account_key,
        seen.charge_number,
        seen.nature_rank,
        seen.due_date,
        seen.issue_index as from_index,
        cast(allocations.value_index - 1 as integer) as to_index,
        seen.net_amount as outstanding_amount,
        cast(0 as decimal(18, 2)) as next_outstanding_amount
    from allocations
    inner join seen on allocations.charge_number = seen.charge_number
    where allocations.is_sole
),

others as (
    select seen.*
    from seen
    left join settled_at_once on seen.charge_number = settled_at_once.charge_number
    where settled_at_once.charge_number is null
),

-- What came in before the notice is taken off from the start.
movements as (
    select
        charge_number,
        issue_index as from_index,
        net_amount as amount
    from others
    union all
    select
        allocations.charge_number,
        greatest(allocations.value_index, seen.issue_index) as from_index,
        -allocations.allocated_amount as amount
    from allocations
    inner join seen on allocations.charge_number = seen.charge_number
    where not allocations.is_sole
),

quarterly as (
    select
        charge_number,
        from_index,
        sum(amount) as amount
    from movements
    group by charge_number, from_index
),

running as (
    select
        charge_number,
        from_index,
        lead(from_index) over charge_order as next_index,
        cast(sum(amount) over charge_order as decimal(18, 2)) as outstanding_amount,
        cast(
            sum(amount) over charge_order + coalesce(lead(amount) over charge_order, 0) as decimal(18, 2)
        ) as next_outstanding_amount
    from quarterly
    window charge_order as (partition by charge_number order by from_index)
)

select
    others.account_key,
    running.charge_number,
    others.nature_rank,
    others.due_date,
    running.from_index,
    cast(running.next_index - 1 as integer) as to_index,
    running.outstanding_amount,
    running.next_outstanding_amount
from running
inner join others on running.charge_number = others.charge_number
where running.outstanding_amount > 0
union all
select * from settled_at_once

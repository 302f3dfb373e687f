{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped'
) }}

-- Ruling C11. A case counts for every agent that took a step on it, from the first of its steps on.
with assignments as (
    select
        agent_id,
        case_id,
        min(step_date) as assigned_date,
        max(step_date) as last_step_date,
        coalesce(sum(cost_amount), 0) as cost_amount
    from {{ ref('int_recovery__steps_dated') }}
    where agent_id is not null and {{ only_scoped('account_id') }}
    group by agent_id, case_id
),

case_amounts as (
    select
        case_id,
        sum(net_amount) as net_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('int_recovery__case_charges') }}
    group by case_id
),

collected as (
    select
        assignments.agent_id,
        assignments.case_id,
        sum(allocations.allocated_amount) filter (where allocations.value_date < assignments.assigned_date)
            as settled_before_amount,
        sum(allocations.collected_amount) filter (where allocations.value_date >= assignments.assigned_date)
            as collected_amount
    from assignments
    inner join {{ ref('int_recovery__case_allocations') }} as allocations
        on assignments.case_id = allocations.case_id
    group by assignments.agent_id, assignments.case_id
)

select
    cases.account_id,
    assignments.case_id,
    assignments.agent_id,
    assignments.last_step_date,
    cast(assignments.cost_amount as decimal(18, 2)) as cost_amount,
    cast(
        coalesce(case_amounts.net_amount, 0) - coalesce(collected.settled_before_amount, 0) as decimal(18, 2)
    ) as entrusted_amount,
    cast(coalesce(collected.collected_amount, 0) as decimal(18, 2)) as collected_amount,
    coalesce(cases.closed_date <= {{ as_of_date() }}, false) as is_closed,
    (coalesce(cases.closed_date <= {{ as_of_date() }}, false) and cases.closing_reason = 'paid')
    or coalesce(case_amounts.outstanding_amount, 0) = 0 as is_success
from assignments
inner join {{ ref('stg_recovery_cases') }} as cases on assignments.case_id = cases.case_id
left join case_amounts on assignments.case_id = case_amounts.case_id
left join collected
    on assignments.agent_id = collected.agent_id and assignments.case_id = collected.case_id

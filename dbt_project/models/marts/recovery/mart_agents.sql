-- C11. A case counts for every agent that took a step on it, from the first of its steps on.
with assignments as (
    select
        agent_id,
        case_id,
        min(step_date) as assigned_date,
        max(step_date) as last_step_date,
        coalesce(sum(cost_amount), 0) as cost_amount
    from {{ ref('fct_steps') }}
    where agent_id is not null
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

received as (
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
),

handled as (
    select
        assignments.agent_id,
        assignments.last_step_date,
        assignments.cost_amount,
        coalesce(case_amounts.net_amount, 0) - coalesce(received.settled_before_amount, 0) as entrusted_amount,
        coalesce(received.collected_amount, 0) as collected_amount,
        coalesce(cases.closed_date <= as_of_date(), false) as is_closed,
        (coalesce(cases.closed_date <= as_of_date(), false) and cases.closing_reason = 'paid')
        or coalesce(case_amounts.outstanding_amount, 0) = 0 as is_success
    from assignments
    inner join {{ ref('stg_recovery_cases') }} as cases on assignments.case_id = cases.case_id
    left join case_amounts on assignments.case_id = case_amounts.case_id
    left join received
        on assignments.agent_id = received.agent_id and assignments.case_id = received.case_id
),

summed as (
    select
        agent_id,
        count(*) as cases,
        count(*) filter (where not is_closed) as open_cases,
        sum(entrusted_amount) as entrusted_amount,
        sum(collected_amount) as collected_amount,
        sum(cost_amount) as cost_amount,
        count(*) filter (where is_success) as successes,
        -- Days matter where something is still to be done.
        median(datediff('day', last_step_date, as_of_date())) filter (where not is_closed)
            as median_days_since_step
    from handled
    group by agent_id
)

select
    agents.agent_id,
    agents.agent_type,
    agents.district,
    coalesce(summed.cases, 0) as cases,
    coalesce(summed.open_cases, 0) as open_cases,
    cast(coalesce(summed.entrusted_amount, 0) as decimal(18, 2)) as entrusted_amount,
    cast(coalesce(summed.collected_amount, 0) as decimal(18, 2)) as collected_amount,
    cast(coalesce(summed.cost_amount, 0) as decimal(18, 2)) as cost_amount,
    cast(summed.collected_amount / nullif(summed.cost_amount, 0) as double) as collected_per_cost,
    coalesce(summed.successes, 0) as successes,
    cast(summed.successes / summed.cases as double) as success_rate,
    wilson_bound(summed.successes, summed.cases, -1) as success_low,
    wilson_bound(summed.successes, summed.cases, 1) as success_high,
    cast(summed.median_days_since_step as double) as median_days_since_step
from {{ ref('stg_recovery_agents') }} as agents
left join summed on agents.agent_id = summed.agent_id

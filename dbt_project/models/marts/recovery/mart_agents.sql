-- Ruling C11. A case counts for every agent that took a step on it, from the first of its steps on.
with summed as (
    select
        agent_id,
        count(*) as cases,
        count(*) filter (where not is_closed) as open_cases,
        sum(entrusted_amount) as entrusted_amount,
        sum(collected_amount) as collected_amount,
        sum(cost_amount) as cost_amount,
        count(*) filter (where is_success) as successes,
        -- Days matter where something is still to be done.
        median(datediff('day', last_step_date, {{ as_of_date() }})) filter (where not is_closed)
            as median_days_since_step
    from {{ ref('recovery_case_agents') }}
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
    {{ wilson_bound('summed.successes', 'summed.cases', '-') }} as success_low,
    {{ wilson_bound('summed.successes', 'summed.cases', '+') }} as success_high,
    cast(summed.median_days_since_step as double) as median_days_since_step
from {{ ref('stg_recovery_agents') }} as agents
left join summed on agents.agent_id = summed.agent_id

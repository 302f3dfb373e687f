-- query: known
select distinct agent_type, district from recovery.mart_agents

-- query: agents
select agent_id, agent_type, district, cases::bigint as cases, open_cases::bigint as open_cases,
    entrusted_amount::double as entrusted_amount, collected_amount::double as collected_amount,
    cost_amount::double as cost_amount, collected_per_cost, success_rate, success_low,
    success_high, median_days_since_step
from recovery.mart_agents
where cases > 0 and list_contains($types, agent_type) and list_contains($districts, district)
order by success_rate desc, cases desc, agent_id

-- query: known
select distinct coalesce(office_code, 'none') as office_code, coalesce(agent_id, 'none') as agent_id
from (
    select office_code, agent_id from recovery.mart_worklist
    union
    select office_code, agent_id from recovery.mart_plans
    union
    select office_code, agent_id from recovery.mart_prescription
)

-- query: agents
select agent_id, agent_type, district from recovery.mart_agents order by agent_id

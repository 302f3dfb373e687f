select step_id, step_date, step_type, agent_id, outcome, claimed_amount, cost_amount
from recovery.fct_steps
where case_id = $id
order by step_date, step_id

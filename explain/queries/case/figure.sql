select case_id, account_id, opened_date, closed_date, closing_reason, stage, stage_date,
    first_judicial_date, had_proactive_contact, principal_amount, outstanding_amount, agent_id
from recovery.fct_cases
where case_id = $id

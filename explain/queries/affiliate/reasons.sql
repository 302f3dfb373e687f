select reason, next_action, due_by, outstanding_amount, case_id
from recovery.fct_worklist_reasons
where account_id = $id
order by score desc

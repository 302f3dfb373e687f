-- query: listed
-- Why accounts of the notebook are on the list: what was done for another reason is to be done again.
select account_id, reason || '|' || next_action as about
from recovery.mart_worklist
where list_contains($accounts, account_id)

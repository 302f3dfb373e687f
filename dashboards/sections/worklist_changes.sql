-- part: chosen
from recovery.mart_worklist_changes
where list_contains($types, account_type)
    and list_contains($offices, coalesce(office_code, 'none'))
    and list_contains($agents, coalesce(agent_id, 'none'))

-- query: since
select max(since_date) as since_date from recovery.mart_outstanding_changes

-- query: totals
select movement, cause, count(*) as accounts
{chosen}
group by movement, cause
order by accounts desc, cause

-- query: list
select movement, account_id, cause, reason, next_action,
    outstanding_amount::double as outstanding_amount, office_code, agent_id
{chosen}
order by movement desc, priority, account_id
limit $lines

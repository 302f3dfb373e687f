-- part: chosen
from recovery.mart_worklist
where list_contains($reasons, reason) and list_contains($types, account_type)
    and list_contains($actions, next_action) and contains(account_id, $account)
    and list_contains($offices, coalesce(office_code, 'none'))
    and list_contains($agents, coalesce(agent_id, 'none'))

-- query: known
select distinct reason, next_action, account_type from recovery.mart_worklist

-- query: totals
select count(*) as accounts, coalesce(sum(outstanding_amount), 0)::double as amount,
    count(*) filter (where due_by <= $today) as overdue
{chosen}

-- query: list
select priority, account_id, reason, next_action, due_by,
    date_diff('day', cast($today as date), due_by) as days_left,
    outstanding_amount::double as outstanding_amount,
    case when $lang = 'nl' then explanation_nl else explanation end as explanation,
    coalesce(other_reasons, '') as other_reasons, score::double as score, office_code, agent_id
{chosen}
    and not list_contains($resting, account_id)
order by priority
limit $lines

-- query: by_reason
select reason, count(*) as accounts, sum(outstanding_amount)::double as amount
{chosen}
group by reason
order by accounts desc, reason

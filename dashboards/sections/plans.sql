-- part: scope
from recovery.mart_plans
where list_contains($offices, coalesce(office_code, 'none'))
    and list_contains($agents, coalesce(agent_id, 'none'))

-- query: by_year
select coalesce(cast(year(start_date) as varchar), '–') as year, status,
    count(*)::bigint as plans, sum(instalments_kept)::bigint as instalments_kept,
    sum(instalments_judged)::bigint as instalments_judged,
    sum(instalments_amount)::double as instalments_amount
{scope}
group by all
order by year, status

-- query: list
select plan_id, account_id, start_date, instalments, instalments_judged, instalments_kept,
    missed_due_date, missed_amount::double as missed_amount, broken_date,
    instalments_amount::double as instalments_amount, office_code, agent_id
{scope}
    and status = $status
order by coalesce(missed_due_date, start_date) desc nulls last, plan_id
limit $lines

-- part: chosen
from recovery.mart_new_payments
where list_contains($types, account_type)
    and list_contains($offices, coalesce(office_code, 'none'))
    and list_contains($agents, coalesce(agent_id, 'none'))

-- part: payments
-- One row per payment: the mart has one per charge it covers.
select payment_id, account_id, value_date, channel, payment_amount, office_code, agent_id,
    sum(allocated_amount) as allocated_amount
{chosen}
group by all

-- query: totals
with payments as ({payments})
select count(*) as payments, count(distinct account_id) as accounts,
    coalesce(sum(payment_amount), 0)::double as amount,
    coalesce(sum(allocated_amount), 0)::double as allocated_amount
from payments

-- query: first
select previous_release_id is null as is_first from meta.release

-- query: settled
select count(distinct charge_id) as charges {chosen} and is_settled

-- query: list
with payments as ({payments})
select payment_id, account_id, value_date, channel, payment_amount::double as payment_amount,
    (payment_amount - allocated_amount)::double as left_amount, office_code, agent_id
from payments
order by abs(payment_amount) desc, payment_id
limit $lines

-- query: covered
select payment_id, charge_type, contribution_year, contribution_quarter, is_settled
from recovery.mart_new_payments
where list_contains($payments, payment_id) and charge_id is not null
order by payment_id, contribution_year, contribution_quarter, charge_id

-- query: worklist
select account_id, outstanding_amount::double as outstanding_amount, next_action, due_by,
    office_code, agent_id, reason
from recovery.mart_worklist
order by priority
limit $lines

-- query: prescriptions
-- One line per account: several charges of it prescribe on several days.
select account_id, min(prescription_date) as prescription_date,
    sum(outstanding_amount)::double as outstanding_amount, office_code, agent_id
from recovery.mart_prescription
where prescription_date > $today and prescription_date <= $until
group by account_id, office_code, agent_id
order by prescription_date, outstanding_amount desc, account_id

-- query: theirs
-- Of some accounts, those that who looks may see.
select account_id from contribution.fct_account_balances
where list_contains($accounts, account_id)
order by account_id

-- query: balance
select outstanding_amount::double as outstanding_amount,
    unallocated_amount::double as unallocated_amount
from contribution.fct_account_balances
where account_id = $account

-- query: reasons
select reason, next_action,
    case when $lang = 'nl' then explanation_nl else explanation_fr end as explanation
from recovery.fct_worklist_reasons
where account_id = $account
order by score desc

-- query: charges
-- Charges and allocations lie in the order of accounts: the rest of the table is not even read.
select charge_id, charge_type, contribution_year, contribution_quarter, nature, issue_date,
    due_date, net_amount::double as net_amount, collected_amount::double as collected_amount,
    credited_amount::double as credited_amount, outstanding_amount::double as outstanding_amount,
    settled_date, days_past_due
from contribution.fct_charges
where account_id = $account and gross_amount > 0
order by due_date desc, charge_id desc

-- query: allocations
select allocations.value_date, allocations.credit_type, allocations.credit_id,
    allocations.charge_id, charges.charge_type, charges.contribution_year,
    charges.contribution_quarter, allocations.designated,
    allocations.allocated_amount::double as allocated_amount
from contribution.fct_allocations as allocations
inner join contribution.fct_charges as charges
    on allocations.charge_id = charges.charge_id and charges.account_id = $account
where allocations.account_id = $account and allocations.value_date <= $today
order by allocations.value_date desc, allocations.credit_id, charges.due_date, allocations.charge_id

-- query: payments
select payment_id, value_date, channel, amount::double as amount
from contribution.fct_receipts
where account_id = $account and value_date <= $today
order by value_date desc, payment_id desc

-- query: steps
select step_date, case_id, step_type, agent_id, outcome, claimed_amount::double as claimed_amount,
    cost_amount::double as cost_amount
from recovery.fct_steps
where account_id = $account
order by step_date desc, step_id desc

-- query: cases
select case_id, opened_date, closed_date, closing_reason, stage, stage_date,
    had_proactive_contact, outstanding_amount::double as outstanding_amount
from recovery.fct_cases
where account_id = $account
order by opened_date desc

-- query: instalments
select instalments.plan_id, plans.status, instalments.due_date,
    instalments.instalment_amount::double as instalment_amount, instalments.is_kept
from recovery.fct_instalments as instalments
inner join recovery.mart_plans as plans on instalments.plan_id = plans.plan_id
where instalments.account_id = $account
order by instalments.due_date desc

-- query: clocks
select prescription_date, interrupted_by, interrupted_on,
    date_diff('day', cast($looked_on as date), prescription_date) as days_left,
    is_prescribed, not is_prescribed and prescription_date <= $looked_on as is_lapsed_since,
    count(*) as charges, sum(outstanding_amount)::double as outstanding_amount
from recovery.mart_prescription
where account_id = $account
group by all
order by prescription_date

-- query: deadlines
select insolvency_kind, opened_date, claim_deadline_date, claim_filed_date, closed_date
from recovery.fct_insolvencies
where account_id = $account
order by opened_date desc

-- query: by_enterprise
select company_id as account_id from core.dim_company where enterprise_number = $value order by 1

-- query: by_communication
select distinct account_id from contribution.fct_receipts
where structured_communication = $value
order by 1

-- query: known
select count(*) as accounts, count(*) filter (where outstanding_amount > 0) as owing,
    sum(outstanding_amount)::double as amount
from contribution.fct_account_balances

-- query: balances
select account_id, outstanding_amount::double as outstanding_amount
from contribution.fct_account_balances
where list_contains($accounts, account_id)
order by account_id

-- query: suggested
select account_id, reason, next_action, outstanding_amount::double as outstanding_amount
from recovery.mart_worklist
order by priority
limit 10

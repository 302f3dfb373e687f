-- query: spans
select distinct from_date, to_date from recovery.mart_roll_rates
where account_type = $account_type
order by from_date desc

-- query: rates
select from_state, to_state, debtors::bigint as debtors,
    outstanding_amount::double as outstanding_amount, share_debtors, share_amount
from recovery.mart_roll_rates
where account_type = $account_type and from_date = cast($from_date as date)

-- query: spans
select distinct from_date, to_date from recovery.mart_roll_rates
where account_type = $account_type
order by from_date desc

-- query: rates
select from_state, to_state, debtors::bigint as debtors,
    outstanding_amount::double as outstanding_amount, share_debtors, share_amount
from recovery.mart_roll_rates as rates
inner join core.dim_code as froms
    on froms.list_name = 'arrears_state' and rates.from_state = froms.code
inner join core.dim_code as goes
    on goes.list_name = 'arrears_state' and rates.to_state = goes.code
where account_type = $account_type and from_date = cast($from_date as date)
order by froms.rank, goes.rank

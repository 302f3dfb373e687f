-- A9: an amount of a charge counts what is dated up to the as-of date.
select value_date, credit_type, credit_id, designated, allocated_amount
from contribution.fct_allocations
where account_id = $account and charge_id = $id
    and value_date <= (select business_date from meta.release)
order by value_date, credit_id, designated

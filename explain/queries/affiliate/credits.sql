-- All money and credits of the account by kind; what of it covers no charge is in the pool.
select credit_type, count(distinct credit_id) as credits,
    sum(allocated_amount)::decimal(18, 2) as allocated_amount
from contribution.fct_allocations
where account_id = $id and value_date <= (select business_date from meta.release)
group by credit_type
order by credit_type

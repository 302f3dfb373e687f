-- By contribution year and type: what the account was asked, and what is left of it.
select contribution_year, charge_type, count(*) as charges_counted, sum(net_amount)::decimal(18, 2) as net_amount,
    sum(collected_amount)::decimal(18, 2) as collected_amount,
    sum(credited_amount)::decimal(18, 2) as credited_amount,
    sum(outstanding_amount)::decimal(18, 2) as outstanding_amount
from contribution.fct_charges
where account_id = $id
group by all
order by contribution_year, charge_type

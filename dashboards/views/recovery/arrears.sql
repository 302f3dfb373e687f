-- part: chosen
from recovery.mart_arrears_ageing
where account_type = $account_type and list_contains($natures, nature)

-- query: known
select distinct account_type, nature from recovery.mart_arrears_ageing

-- query: dates
select distinct reference_date {chosen} order by reference_date

-- query: totals
select sum(outstanding_amount)::double as amount, sum(charges)::bigint as charges,
    coalesce(sum(outstanding_amount) filter (where age_bucket in ('731-1825', '>1825')), 0)::double
        as old_amount,
    coalesce(sum(outstanding_amount) filter (where stage = 'none'), 0)::double as no_stage
{chosen}
    and reference_date = $date

-- query: ageing
select reference_date, case when $by = 'stage' then stage else age_bucket end as part,
    sum(charges)::bigint as charges, sum(outstanding_amount)::double as outstanding_amount
{chosen}
    and reference_date >= $since
group by all
order by reference_date, part

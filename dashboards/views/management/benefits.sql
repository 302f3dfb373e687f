-- part: sums
-- Sums over the same events; a share is computed from the sums, never averaged.
    sum(claims_submitted)::bigint as claims_submitted,
    sum(claims_granted)::bigint as claims_granted,
    sum(claims_granted_automatically)::bigint as claims_granted_automatically,
    sum(claims_refused)::bigint as claims_refused,
    cast(sum(paid_amount) as decimal(18, 2)) as paid_amount,
    sum(payments_in_time) / nullif(sum(payments), 0) as paid_in_time_rate

-- part: chosen
from benefit.mart_quarter
where quarter between $first and $last and list_contains($benefits, benefit)

-- query: known
select distinct quarter, benefit from benefit.mart_quarter

-- query: totals
select {sums}
{chosen}

-- query: delays
-- A median cannot be put together from medians: it is taken anew from the claims.
select
    median(decision_days) as days,
    count(*) filter (where within_charter) / nullif(count(*), 0) as within
from benefit.fct_claims
where
    decision <> 'withdrawn'
    and list_contains($benefits, benefit)
    and cast(year(decision_date) as varchar) || 'Q' || cast(quarter(decision_date) as varchar)
    between $first and $last

-- query: by_quarter
select
    quarter,
    benefit,
    cast(sum(months) as double) as months,
    cast(sum(weeks) as double) as weeks,
    cast(sum(days) as double) as days,
    cast(sum(half_days) as double) as half_days,
    cast(sum(vouchers) as double) as vouchers,
    {sums}
{chosen}
group by all
order by quarter, benefit

-- query: by_benefit
select benefit, {sums}
{chosen}
group by all
having sum(claims_granted) + sum(claims_refused) > 0
order by claims_granted desc, benefit

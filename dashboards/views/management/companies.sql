-- part: sums
-- Sums over the same companies; a rate is computed from the sums, never averaged.
    sum(companies)::bigint as companies,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(claimed_amount - collected_amount - outstanding_amount) as decimal(18, 2))
        as credited_amount,
    sum(owing_companies)::bigint as owing_companies,
    sum(exempt_companies)::bigint as exempt_companies,
    sum(inactive_companies)::bigint as inactive_companies,
    sum(insolvent_companies)::bigint as insolvent_companies,
    sum(starting_companies)::bigint as starting_companies,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate

-- part: chosen
from company.mart_contribution_year
where contribution_year between $first and $last and list_contains($sizes, size_class)

-- query: known
select distinct contribution_year, size_class from company.mart_contribution_year

-- query: totals
select {sums}
{chosen}

-- query: by_year
select contribution_year, cast(contribution_year as varchar) as period, {sums}
{chosen}
group by all
order by contribution_year

-- query: joined
select
    substr(quarter, 1, 4) as year,
    sum(companies)::bigint as companies,
    sum(companies_in_time)::bigint as companies_in_time,
    sum(companies_in_time) / sum(companies) as in_time_rate
from company.mart_affiliation_quarter
group by year
order by year desc
limit 12

-- query: totals_earlier
-- The same years a year before, as they stood a year before the as-of date.
select
    min(contribution_year) as first_year,
    sum(companies)::bigint as companies,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
from company.mart_contribution_year_earlier
where contribution_year between $first - 1 and $last - 1 and list_contains($sizes, size_class)

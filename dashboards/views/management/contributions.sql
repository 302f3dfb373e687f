-- part: sums
-- Sums over the same charges; a rate is computed from the sums, never averaged.
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(relief_amount) as decimal(18, 2)) as relief_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(collected_on_time_amount) as decimal(18, 2)) as collected_on_time_amount,
    cast(sum(collected_amount - collected_on_time_amount) as decimal(18, 2))
        as collected_late_amount,
    cast(sum(claimed_amount - collected_amount - outstanding_amount) as decimal(18, 2))
        as credited_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate

-- part: chosen
from contribution.mart_quarter
where contribution_year between $first and $last
    and list_contains($natures, nature) and list_contains($categories, category)

-- query: known
select distinct contribution_year, nature, category from contribution.mart_quarter

-- query: totals
select {sums}
{chosen}

-- query: by_period
select contribution_year, contribution_quarter, {sums}
{chosen}
group by contribution_year, contribution_quarter
order by contribution_year, contribution_quarter nulls last

-- query: by_year
select contribution_year, cast(null as integer) as contribution_quarter, {sums}
{chosen}
group by contribution_year
order by contribution_year

-- query: by_category
select nature, category, sum(affiliates)::bigint as affiliates, {sums}
{chosen}
group by nature, category
having sum(claimed_amount) <> 0
order by claimed_amount desc, category

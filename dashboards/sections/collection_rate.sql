-- part: chosen
-- The same periods a year before, as they stood a year before the as-of date.
from contribution.mart_quarter_earlier
where contribution_year between $first - 1 and $last - 1
    and list_contains($natures, nature) and list_contains($categories, category)

-- query: totals_earlier
select
    min(contribution_year) as first_year,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
{chosen}

-- query: by_period_earlier
select
    contribution_year + 1 as contribution_year,
    contribution_quarter,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as earlier_rate
{chosen} and contribution_quarter is not null
group by all

-- query: by_year_earlier
select
    contribution_year + 1 as contribution_year,
    cast(null as integer) as contribution_quarter,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as earlier_rate
{chosen}
group by all

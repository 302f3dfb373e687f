-- part: sums
-- Without a legal amount a charge is neither right nor wrong: it stands apart.
    cast(sum(charges) filter (where has_expected_amount) as bigint) as compared,
    cast(coalesce(sum(charges) filter (where difference_reason = 'none'), 0) as bigint) as correct,
    cast(coalesce(sum(charges) filter (where difference_reason = 'unexplained'), 0) as bigint)
        as unexplained,
    -- Reasons of too few accounts are merged for roles without names: what they are nobody knows.
    cast(coalesce(sum(charges) filter (
        where has_expected_amount and difference_reason not in ('none', 'unexplained', '_few')
    ), 0) as bigint) as explained,
    correct / nullif(compared, 0) as share,
    cast(coalesce(sum(absolute_difference_amount) filter (
        where difference_reason = 'unexplained'
    ), 0) as decimal(18, 2)) as stake,
    cast(coalesce(sum(difference_amount) filter (
        where difference_reason = 'unexplained'
    ), 0) as decimal(18, 2)) as net,
    cast(coalesce(sum(absolute_difference_amount), 0) as decimal(18, 2)) as amount

-- part: chosen
from contribution.mart_accuracy
where contribution_year between $first and $last and list_contains($natures, nature)

-- query: known
select distinct contribution_year, nature from contribution.mart_accuracy

-- query: totals
select {sums}
{chosen}

-- query: totals_earlier
-- What had been issued a year before the as-of date of the year before the last one chosen.
select {sums}
from contribution.mart_accuracy
where contribution_year = $last - 1 and list_contains($natures, nature) and is_issued_year_earlier

-- query: missing
select difference_reason, cast(sum(charges) as bigint) as charges
{chosen} and not has_expected_amount
group by all
order by charges desc, difference_reason

-- query: by_year
select cast(contribution_year as varchar) as period, {sums}
{chosen}
group by all
order by period

-- query: by_type
select charge_type, {sums}
{chosen}
group by all
having compared > 0
order by amount desc, charge_type

-- query: by_reason
select
    difference_reason,
    cast(sum(charges) as bigint) as charges,
    cast(sum(absolute_difference_amount) as decimal(18, 2)) as amount,
    cast(sum(difference_amount) as decimal(18, 2)) as net
{chosen} and has_expected_amount and difference_reason <> 'none'
group by all
order by amount desc, difference_reason

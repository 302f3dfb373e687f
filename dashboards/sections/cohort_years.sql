-- part: observed
from recovery.mart_arrears_cohorts
where account_type = $account_type and list_contains($natures, nature)
    and list_contains($origins, affiliation_origin) and not is_projection

-- query: ages
select quarters_since_due, count(distinct left(cohort_quarter, 4)) as years
{observed}
group by quarters_since_due
order by quarters_since_due

-- query: years
-- At equal age, and over the same quarters: a year that is not over is compared with as many
-- quarters of the year before.
with cohorts as (
    select cast(left(cohort_quarter, 4) as integer) as cohort_year,
        right(cohort_quarter, 2) as quarter, sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    {observed}
        and quarters_since_due = $age
    group by all
),

years as (
    select this.cohort_year, count(*)::bigint as quarters,
        sum(this.claimed_amount) as claimed_amount, sum(this.collected_amount) as collected_amount,
        count(before.quarter)::bigint as compared_quarters,
        sum(this.claimed_amount) filter (where before.quarter is not null) as compared_claimed,
        sum(this.collected_amount) filter (where before.quarter is not null) as compared_collected,
        sum(before.claimed_amount) as before_claimed,
        sum(before.collected_amount) as before_collected
    from cohorts as this
    left join cohorts as before
        on this.cohort_year = before.cohort_year + 1 and this.quarter = before.quarter
    group by this.cohort_year
)

select cohort_year, quarters, claimed_amount::double as claimed_amount,
    collected_amount::double as collected_amount,
    (collected_amount / nullif(claimed_amount, 0))::double as rate,
    compared_quarters,
    (compared_collected / nullif(compared_claimed, 0))::double as compared_rate,
    (before_collected / nullif(before_claimed, 0))::double as before_rate,
    (compared_collected - before_collected)::double as change_amount,
    ((compared_claimed - before_claimed) * before_collected / nullif(before_claimed, 0))::double
        as volume_amount,
    (compared_collected - compared_claimed * before_collected / nullif(before_claimed, 0))::double
        as rate_amount
from years
order by cohort_year

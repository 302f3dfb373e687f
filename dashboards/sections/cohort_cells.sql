-- query: cells
-- Segments are estimated one by one, so their errors are taken as independent and their squares
-- add up. A segment that cannot be projected stays at what it has brought in.
with chosen as (
    select * from recovery.mart_arrears_cohorts
    where account_type = $account_type and list_contains($natures, nature)
        and list_contains($origins, affiliation_origin)
        and cohort_quarter between $first and $last
),
observed as (
    select cohort_quarter, quarters_since_due, observation_date, sum(charges) as charges,
        sum(claimed_amount) as claimed_amount, sum(collected_amount) as collected_amount
    from chosen where not is_projection group by all
),
latest as (
    select cohort_quarter, max(quarters_since_due) as quarters_since_due
    from observed group by cohort_quarter
),
base as (select observed.* from observed natural join latest),
segment_base as (
    select chosen.cohort_quarter, nature, affiliation_origin, collected_amount
    from chosen inner join latest
        on chosen.cohort_quarter = latest.cohort_quarter
        and chosen.quarters_since_due = latest.quarters_since_due
    where not is_projection
),
added as (
    select chosen.cohort_quarter, chosen.quarters_since_due, chosen.observation_date,
        sum(chosen.collected_amount - segment_base.collected_amount) as added_amount,
        case when count(*) = count(standard_error_amount)
            then sqrt(sum(power(standard_error_amount::double, 2))) end as standard_error
    from chosen inner join segment_base
        on chosen.cohort_quarter = segment_base.cohort_quarter
        and chosen.nature = segment_base.nature
        and chosen.affiliation_origin = segment_base.affiliation_origin
    where is_projection group by all
)
select cohort_quarter, quarters_since_due, observation_date, charges::bigint as charges,
    claimed_amount::double as claimed_amount, collected_amount::double as collected_amount,
    false as is_projection, 0.0 as standard_error
from observed
union all
select base.cohort_quarter, added.quarters_since_due, added.observation_date,
    base.charges::bigint, base.claimed_amount::double,
    (base.collected_amount + added.added_amount)::double, true, added.standard_error
from added inner join base on added.cohort_quarter = base.cohort_quarter
order by cohort_quarter, quarters_since_due

-- From the last observed cell of each cohort on, along the factors of its segment, as far as they go: beyond the oldest
-- cohort nothing is estimated (the tail factor is 1). A cohort of which nothing has come in cannot be projected by
-- ratios, and is not. No cohort brings in more than it claims: where the factors lead beyond, the projection stops at
-- what is claimed, and so does its error (a cent paid first makes a factor of a hundred thousand).
with last_observed as (
    select *
    from {{ ref('int_recovery__cohorts_observed') }}
    qualify quarters_since_due = max(quarters_since_due) over (
        partition by account_type, nature, affiliation_origin, cohort_quarter
    )
),

steps as (
    select
        last_observed.cohort_quarter,
        last_observed.account_type,
        last_observed.nature,
        last_observed.affiliation_origin,
        last_observed.charges,
        last_observed.claimed_amount,
        last_observed.collected_amount,
        factors.quarters_since_due,
        factors.development_factor,
        factors.development_variance,
        cast(factors.collected_amount as double) as weight,
        count(*) over cohort_order as steps_so_far,
        factors.quarters_since_due - last_observed.quarters_since_due + 1 as steps_needed,
        product(factors.development_factor) over cohort_order as growth
    from last_observed
    inner join {{ ref('mart_cohort_factors') }} as factors
        on
            last_observed.account_type = factors.account_type
            and last_observed.nature = factors.nature
            and last_observed.affiliation_origin = factors.affiliation_origin
            and last_observed.quarters_since_due <= factors.quarters_since_due
    where last_observed.collected_amount > 0 and factors.development_factor > 0
    window cohort_order as (
        partition by
            last_observed.account_type,
            last_observed.nature,
            last_observed.affiliation_origin,
            last_observed.cohort_quarter
        order by factors.quarters_since_due
    )
),

-- Mack, theorem 3, at every later quarter: the squared error relative to the projected amount is a running sum, of what
-- chance adds at each step (first term) and of what the factors are not known by (second term, shared by all cohorts).
errors as (
    select
        *,
        collected_amount * growth as unbounded_amount,
        development_variance / power(development_factor, 2) / (collected_amount * growth / development_factor)
            as process_variance,
        development_variance / power(development_factor, 2) / weight as factor_variance
    from steps
    -- A step without factor ends it: what comes after it is not reached.
    where steps_so_far = steps_needed
)

select
    cohort_quarter,
    account_type,
    nature,
    affiliation_origin,
    quarters_since_due + 1 as quarters_since_due,
    charges,
    claimed_amount,
    collected_amount as observed_amount,
    least(unbounded_amount, claimed_amount) as projected_amount,
    -- Empty from the first step whose variance is not known.
    case
        when count(development_variance) over cohort_order = steps_so_far
            then
                least(
                    unbounded_amount * sqrt(sum(process_variance + factor_variance) over cohort_order), claimed_amount
                )
    end as standard_error,
    case
        when count(development_variance) over cohort_order = steps_so_far
            then sum(factor_variance) over cohort_order
    end as factor_variance_so_far,
    quarters_since_due + 1 = max(quarters_since_due + 1) over (
        partition by account_type, nature, affiliation_origin, cohort_quarter
    ) as is_last
from errors
window cohort_order as (
    partition by account_type, nature, affiliation_origin, cohort_quarter
    order by quarters_since_due
)

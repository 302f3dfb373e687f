-- What is still expected of all cohorts of a segment together. Their errors are not independent, because one set of
-- factors carries them all: Mack's corollary adds, for each pair of cohorts, what their common steps share.
with last_steps as (
    select
        account_type,
        nature,
        affiliation_origin,
        cohort_quarter,
        claimed_amount,
        observed_amount,
        projected_amount,
        standard_error,
        factor_variance_so_far,
        -- Younger cohorts pass over all the steps of an older one.
        coalesce(sum(projected_amount) over (
            partition by account_type, nature, affiliation_origin
            order by cohort_quarter
            rows between 1 following and unbounded following
        ), 0) as younger_amount
    from {{ ref('int_recovery__cohorts_projected') }}
    where is_last
),

projected as (
    select
        account_type,
        nature,
        affiliation_origin,
        count(*) as cohorts_projected,
        sum(projected_amount - observed_amount order by cohort_quarter) as expected_amount,
        case
            when count(standard_error) = count(*)
                then
                    -- Bounded as the error of each cohort is.
                    least(
                        sqrt(sum(
                            power(standard_error, 2) + 2 * projected_amount * younger_amount * factor_variance_so_far
                            order by cohort_quarter
                        )),
                        sum(claimed_amount)
                    )
        end as standard_error
    from last_steps
    group by account_type, nature, affiliation_origin
),

observed as (
    select
        account_type,
        nature,
        affiliation_origin,
        count(*) as cohorts,
        max(quarters_since_due) as last_quarters_since_due,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    from (
        select *
        from {{ ref('int_recovery__cohorts_observed') }}
        qualify quarters_since_due = max(quarters_since_due) over (
            partition by account_type, nature, affiliation_origin, cohort_quarter
        )
    ) as diagonal
    group by account_type, nature, affiliation_origin
)

select
    observed.account_type,
    observed.nature,
    observed.affiliation_origin,
    observed.cohorts,
    coalesce(projected.cohorts_projected, 0) as cohorts_projected,
    observed.last_quarters_since_due,
    cast(1 as double) as tail_factor,
    cast(observed.claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(observed.collected_amount as decimal(18, 2)) as collected_amount,
    cast(coalesce(projected.expected_amount, 0) as decimal(18, 2)) as expected_amount,
    cast(projected.standard_error as decimal(18, 2)) as standard_error_amount
from observed
left join projected
    on
        observed.account_type = projected.account_type
        and observed.nature = projected.nature
        and observed.affiliation_origin = projected.affiliation_origin

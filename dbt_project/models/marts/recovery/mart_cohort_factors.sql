-- Chain ladder, volume weighted, with the variances of T. Mack (ASTIN Bulletin 23, 1993, 213-225). A cohort counts for
-- a step when both its ends are observed. Refunds may make amounts fall: factors are ratios of sums, so they may be
-- below 1 and nothing breaks; a step whose sum is not positive has no factor and ends the projection. Sums of doubles
-- name their order, so that the same state gives the same figures to the last digit.
with steps as (
    select
        account_type,
        nature,
        affiliation_origin,
        cohort_quarter,
        quarters_since_due,
        cast(collected_amount as double) as amount,
        cast(lead(collected_amount) over (
            partition by account_type, nature, affiliation_origin, cohort_quarter
            order by quarters_since_due
        ) as double) as next_amount
    from {{ ref('int_recovery__cohorts_observed') }}
),

sums as (
    select
        account_type,
        nature,
        affiliation_origin,
        quarters_since_due,
        count(*) as cohorts,
        sum(amount order by cohort_quarter) as amount,
        case
            when sum(amount order by cohort_quarter) > 0
                then sum(next_amount order by cohort_quarter) / sum(amount order by cohort_quarter)
        end as development_factor
    from steps
    where next_amount is not null
    group by account_type, nature, affiliation_origin, quarters_since_due
),

-- Mack weighs a cohort by its amount; one that has none says nothing about how much the factor varies.
variances as (
    select
        sums.account_type,
        sums.nature,
        sums.affiliation_origin,
        sums.quarters_since_due,
        sums.cohorts,
        sums.amount,
        sums.development_factor,
        count(*) filter (where steps.amount > 0) as weighed,
        sum(
            power(steps.next_amount - sums.development_factor * steps.amount, 2) / steps.amount
            order by steps.cohort_quarter
        ) filter (where steps.amount > 0) as squares
    from sums
    inner join steps
        on
            sums.account_type = steps.account_type
            and sums.nature = steps.nature
            and sums.affiliation_origin = steps.affiliation_origin
            and sums.quarters_since_due = steps.quarters_since_due
    where steps.next_amount is not null
    group by all
),

estimated as (
    select
        *,
        case when weighed > 1 then squares / (weighed - 1) end as variance
    from variances
),

-- Where one cohort is left there is no spread to see: Mack's rule continues the decay of the two before.
known as (
    select
        *,
        lag(variance ignore nulls) over segment_order as variance_before
    from estimated
    window segment_order as (
        partition by account_type, nature, affiliation_origin
        order by quarters_since_due
    )
),

continued as (
    select
        *,
        last_value(
            case when variance is not null then struct_pack(last := variance, before := variance_before) end
            ignore nulls
        )
            over (
                partition by account_type, nature, affiliation_origin
                order by quarters_since_due
                rows between unbounded preceding and 1 preceding
            ) as decay
    from known
)

select
    continued.account_type,
    continued.nature,
    continued.affiliation_origin,
    continued.quarters_since_due,
    continued.cohorts,
    cast(continued.amount as decimal(18, 2)) as collected_amount,
    cast(continued.development_factor as double) as development_factor,
    cast(
        coalesce(
            continued.variance,
            case
                when continued.decay.before is not null
                    then least(
                        continued.decay.last * continued.decay.last / nullif(continued.decay.before, 0),
                        continued.decay.last,
                        continued.decay.before
                    )
            end
        ) as double
    ) as development_variance
from continued

with cells as (
    select
        cohort_quarter,
        account_type,
        nature,
        affiliation_origin,
        quarters_since_due,
        charges,
        claimed_amount,
        collected_amount,
        false as is_projection,
        cast(null as double) as standard_error
    from {{ ref('int_recovery__cohorts_observed') }}
    union all
    select
        cohort_quarter,
        account_type,
        nature,
        affiliation_origin,
        quarters_since_due,
        charges,
        claimed_amount,
        cast(projected_amount as decimal(18, 2)) as collected_amount,
        true as is_projection,
        standard_error
    from {{ ref('int_recovery__cohorts_projected') }}
)

select
    cohort_quarter,
    account_type,
    nature,
    affiliation_origin,
    quarters_since_due,
    quarter_index_end(quarter_text_index(cohort_quarter) + quarters_since_due) as observation_date,
    charges,
    claimed_amount,
    collected_amount,
    cast(100 * collected_amount / nullif(claimed_amount, 0) as double) as collected_pct,
    is_projection,
    cast(standard_error as decimal(18, 2)) as standard_error_amount
from cells

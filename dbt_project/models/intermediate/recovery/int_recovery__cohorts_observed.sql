-- The triangle as far as it is known: a row for every quarter since due whose end is not after the as-of date (C1).
with cohorts as (
    select
        due_quarter,
        account_type,
        nature,
        affiliation_origin,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount
    from {{ ref('int_recovery__cohorts_counted') }}
    group by all
),

collected as (
    select
        due_quarter,
        account_type,
        nature,
        affiliation_origin,
        quarters_since_due,
        sum(collected_amount) as collected_amount
    from {{ ref('int_recovery__cohorts_counted') }}
    group by all
),

observed as (
    select
        *,
        unnest(range(last_ended_quarter(as_of_date()) - due_quarter + 1)) as quarters_since_due
    from cohorts
)

select
    quarter_index_text(observed.due_quarter) as cohort_quarter,
    observed.account_type,
    observed.nature,
    observed.affiliation_origin,
    cast(observed.quarters_since_due as integer) as quarters_since_due,
    cast(observed.charges as bigint) as charges,
    cast(observed.claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(sum(coalesce(collected.collected_amount, 0)) over (
        partition by observed.due_quarter, observed.account_type, observed.nature, observed.affiliation_origin
        order by observed.quarters_since_due
    ) as decimal(18, 2)) as collected_amount
from observed
left join collected
    on
        observed.due_quarter = collected.due_quarter
        and observed.account_type = collected.account_type
        and observed.nature = collected.nature
        and observed.affiliation_origin = collected.affiliation_origin
        and observed.quarters_since_due = collected.quarters_since_due

-- T11 against the cohorts of arrears as far as they are observed (statistics-tables.md, coherence 9): charges, what is
-- claimed and what is collected, by cohort, nature, origin and each quarter since due that T11 shows.
with cohorts as (
    select
        cohort_quarter,
        cast(quarters_since_due as varchar) as quarters_since_due,
        nature,
        affiliation_origin,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    from {{ ref('mart_arrears_cohorts') }}
    where not is_projection and quarters_since_due in (0, 1, 2, 4, 6, 8, 12, 20)
    group by cohort_quarter, quarters_since_due, nature, affiliation_origin
),

statistic as (
    select
        ref_period as cohort_quarter,
        quarters_since_due,
        nature,
        affiliation_origin,
        sum(obs_value) filter (where measure = 'charges') as charges,
        sum(obs_value) filter (where measure = 'claimed_amount') as claimed_amount,
        sum(obs_value) filter (where measure = 'collected_amount') as collected_amount
    from {{ ref('stat_t11') }}
    where nature <> '_T' and affiliation_origin <> '_T' and branch = '_T'
    group by ref_period, quarters_since_due, nature, affiliation_origin
)

select
    coalesce(cohorts.cohort_quarter, statistic.cohort_quarter) as cohort_quarter,
    coalesce(cohorts.quarters_since_due, statistic.quarters_since_due) as quarters_since_due,
    coalesce(cohorts.nature, statistic.nature) as nature,
    coalesce(cohorts.affiliation_origin, statistic.affiliation_origin) as affiliation_origin,
    cohorts.charges,
    statistic.charges as charges_shown,
    cohorts.claimed_amount,
    statistic.claimed_amount as claimed_shown_amount,
    cohorts.collected_amount,
    statistic.collected_amount as collected_shown_amount
from cohorts
full outer join statistic
    on
        cohorts.cohort_quarter = statistic.cohort_quarter
        and cohorts.quarters_since_due = statistic.quarters_since_due
        and cohorts.nature = statistic.nature
        and cohorts.affiliation_origin = statistic.affiliation_origin
where
    cohorts.charges is distinct from statistic.charges
    or cohorts.claimed_amount is distinct from statistic.claimed_amount
    or cohorts.collected_amount is distinct from statistic.collected_amount

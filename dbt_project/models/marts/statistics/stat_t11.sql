-- T11 of statistics-tables.md. Its parts (int_statistics__cohorts_summed) share no account at any observation, so sums
-- and contributors add up, and the two largest contributions are the two largest of the parts.
-- 0, 3, 6, 12, 18, 24, 36 and 60 months after the cohort.
with shown as (
    select unnest([0, 1, 2, 4, 6, 8, 12, 20]) as quarters_since_due
),

-- Those that have come.
parts as (
    select
        shown.quarters_since_due,
        spans.due_quarter,
        spans.has_one_cell,
        spans.nature,
        spans.affiliation_origin,
        spans.branch,
        sum(spans.contributors) as claimed_accounts,
        sum(spans.charges) as charges,
        sum(spans.claimed_amount) as claimed_amount,
        sum(spans.collected_amount) as collected_amount,
        sum(spans.outstanding_amount) as outstanding_amount,
        sum(spans.payers) as payers,
        sum(spans.debtors) as debtors,
        list_reverse_sort(flatten(list(spans.most_charges)))[1:2] as most_charges,
        list_reverse_sort(flatten(list(spans.largest_claims)))[1:2] as largest_claims,
        list_reverse_sort(flatten(list(spans.largest_collections)))[1:2] as largest_collections,
        list_reverse_sort(flatten(list(spans.largest_debts)))[1:2] as largest_debts
    from {{ ref('int_statistics__cohorts_summed') }} as spans
    inner join shown
        on spans.from_quarters <= shown.quarters_since_due and spans.before_quarters > shown.quarters_since_due
    where spans.due_quarter + shown.quarters_since_due <= last_ended_quarter(as_of_date())
    group by
        shown.quarters_since_due, spans.due_quarter, spans.has_one_cell,
        spans.nature, spans.affiliation_origin, spans.branch
),

parts_in_cells as (
    -- T11.1 Q: quarters_since_due! nature affiliation_origin
    select
        * exclude (nature, affiliation_origin, branch),
        unnest([nature, nature, null, null]) as nature,
        unnest([affiliation_origin, null, affiliation_origin, null]) as affiliation_origin,
        null as branch
    from parts
    where has_one_cell
    union all by name
    -- T11.2 Q: quarters_since_due! branch
    select * replace (null as nature, null as affiliation_origin)
    from parts
    where has_one_cell
    union all by name
    -- Accounts of several cells, in each margin already.
    select * from parts
    where not has_one_cell
),

cells as (
    select
        due_quarter,
        quarters_since_due,
        nature,
        affiliation_origin,
        branch,
        cast(sum(claimed_accounts) as bigint) as claimed_accounts,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount,
        cast(sum(payers) as bigint) as payers,
        cast(sum(debtors) as bigint) as debtors,
        list_reverse_sort(flatten(list(most_charges))) as most_charges,
        list_reverse_sort(flatten(list(largest_claims))) as largest_claims,
        list_reverse_sort(flatten(list(largest_collections))) as largest_collections,
        list_reverse_sort(flatten(list(largest_debts))) as largest_debts
    from parts_in_cells
    group by due_quarter, quarters_since_due, nature, affiliation_origin, branch
),

measured as (
    select
        *,
        -- One row per measure, its fields as columns. What is claimed is above 0 (the population), what is outstanding
        -- never below: all accounts contribute to the one, all debtors to the other. A debtor counts for 1.
        unnest([  -- noqa: AL03
            {
                'measure': 'charges',
                'obs_value': cast(charges as decimal(24, 6)),
                'contributors': claimed_accounts,
                'largest': cast(most_charges[1] as decimal(18, 2)),
                'second': cast(most_charges[2] as decimal(18, 2))
            },
            {
                'measure': 'claimed_amount',
                'obs_value': cast(claimed_amount as decimal(24, 6)),
                'contributors': claimed_accounts,
                'largest': cast(largest_claims[1] as decimal(18, 2)),
                'second': cast(largest_claims[2] as decimal(18, 2))
            },
            {
                'measure': 'collected_amount',
                'obs_value': cast(collected_amount as decimal(24, 6)),
                'contributors': payers,
                'largest': cast(largest_collections[1] as decimal(18, 2)),
                'second': cast(largest_collections[2] as decimal(18, 2))
            },
            {
                'measure': 'collected_pct',
                'obs_value': cast(100 * collected_amount / claimed_amount as decimal(24, 6)),
                'contributors': claimed_accounts,
                'largest': cast(null as decimal(18, 2)),
                'second': cast(null as decimal(18, 2))
            },
            {
                'measure': 'outstanding_amount',
                'obs_value': cast(outstanding_amount as decimal(24, 6)),
                'contributors': debtors,
                'largest': cast(largest_debts[1] as decimal(18, 2)),
                'second': cast(largest_debts[2] as decimal(18, 2))
            },
            {
                'measure': 'debtors',
                'obs_value': cast(debtors as decimal(24, 6)),
                'contributors': debtors,
                'largest': cast(case when debtors > 0 then 1 end as decimal(18, 2)),
                'second': cast(case when debtors > 1 then 1 end as decimal(18, 2))
            }
        ], recursive := true)
    from cells
)

select
    quarter_index_text(due_quarter) as ref_period,
    cast(quarters_since_due as varchar) as quarters_since_due,
    coalesce(nature, '_T') as nature,
    coalesce(affiliation_origin, '_T') as affiliation_origin,
    coalesce(branch, '_T') as branch,
    measure,
    obs_value,
    contributors,
    largest as largest_contribution,
    second as second_contribution
from measured

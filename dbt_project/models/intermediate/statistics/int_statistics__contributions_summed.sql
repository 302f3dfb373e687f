{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- T08 of statistics-tables.md over one range of accounts after the other: stat_t08 puts the ranges together.
-- Nineteen accounts in twenty have one nature. Their total over the natures is that of their cells, which stat_t08 adds
-- up: half of the rows of the widest step, by_account, need not be there.
with accounts as (
    select
        account_id,
        min(nature) = max(nature) as has_one_nature
    from {{ ref('fct_charges') }}
    where net_amount > 0 and in_slice(account_id)
    group by account_id
),

-- Read twice rather than kept: it is as wide as the charges of the range.
claims as not materialized (
    select
        charges.charge_id,
        charges.account_id,
        accounts.has_one_nature,
        charges.contribution_year,
        coalesce(cast(charges.contribution_quarter as varchar), 'Y') as contribution_quarter,
        claim_types.claim_group,
        charges.charge_type as claim_type,
        charges.nature,
        charges.net_amount,
        charges.collected_amount
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('claim_types') }} as claim_types on charges.charge_type = claim_types.charge_type
    inner join accounts on charges.account_id = accounts.account_id
    where charges.net_amount > 0 and in_slice(charges.account_id)
),

-- The finest cells, numbered.
cells as (
    select
        row_number() over () as cell,
        *
    from (
        select distinct
            has_one_nature,
            contribution_year,
            contribution_quarter,
            claim_group,
            claim_type,
            nature
        from claims
    ) as codes
),

-- In which margins a cell lies. T08.1: contribution_year contribution_quarter claim_group!>claim_type nature.
margins as (
    select
        cell,
        has_one_nature,
        contribution_year,
        contribution_quarter,
        claim_group,
        claim_type,
        nature,
        dense_rank() over (
            order by has_one_nature, contribution_year, contribution_quarter, claim_group, claim_type, nature
        ) as margin
    from cells
    group by
        cell, has_one_nature, claim_group,
        cube (contribution_year, contribution_quarter, claim_type, nature)
    having nature is not null or not has_one_nature
),

claims_in_cells as (
    select
        claims.charge_id,
        claims.account_id,
        cells.cell,
        claims.net_amount,
        claims.collected_amount
    from claims
    inner join cells
        on
            claims.has_one_nature = cells.has_one_nature
            and claims.contribution_year = cells.contribution_year
            and claims.contribution_quarter = cells.contribution_quarter
            and claims.claim_type = cells.claim_type
            and claims.nature = cells.nature
),

-- What each account was claimed and has paid of it; then, T08.2, what came in each year (collection_year!).
amounts as (
    select
        account_id,
        cell,
        null as collection_year,
        sum(net_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    from claims_in_cells
    group by all
    union all
    select
        claims.account_id,
        claims.cell,
        year(allocations.value_date) as collection_year,
        null as claimed_amount,
        sum(allocations.allocated_amount) as collected_amount
    from {{ ref('fct_allocations') }} as allocations
    inner join claims_in_cells as claims on allocations.charge_id = claims.charge_id
    where
        allocations.credit_type = 'payment'
        and allocations.value_date <= as_of_date()
        and in_slice(allocations.account_id)
    group by all
),

by_account as (
    select
        margins.margin,
        amounts.collection_year,
        amounts.account_id,
        sum(amounts.claimed_amount) as claimed_amount,
        sum(amounts.collected_amount) as collected_amount
    from amounts
    inner join margins on amounts.cell = margins.cell
    group by all
),

measured as (
    select
        margin,
        collection_year,
        -- One row per measure, its fields as columns.
        unnest([  -- noqa: AL03
            {
                'measure': 'claimed_amount',
                'obs_value': sum(claimed_amount),
                'contributors': count(nullif(claimed_amount, 0)),
                'two_largest': max(abs(nullif(claimed_amount, 0)), 2)
            },
            {
                'measure': 'collected_amount',
                'obs_value': sum(collected_amount),
                'contributors': count(nullif(collected_amount, 0)),
                'two_largest': max(abs(nullif(collected_amount, 0)), 2)
            }
        ], recursive := true)
    from by_account
    group by margin, collection_year
),

named_margins as (
    select distinct * exclude (cell)
    from margins
)

select
    margins.has_one_nature,
    margins.contribution_year,
    margins.contribution_quarter,
    margins.claim_group,
    margins.claim_type,
    margins.nature,
    measured.collection_year,
    measured.measure,
    measured.obs_value,
    measured.contributors,
    measured.two_largest
from measured
inner join named_margins as margins on measured.margin = margins.margin
-- What is claimed has no year of collection.
where measured.obs_value is not null

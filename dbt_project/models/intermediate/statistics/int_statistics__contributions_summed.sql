{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- T08 of statistics-tables.md over one range of accounts after the other: stat_t08 puts the ranges together.
-- Nineteen accounts in twenty have one nature. Their total over the natures is that of their cells, which stat_t08 adds up:
-- half of the rows of the widest step, by_account, need not be there.
with accounts as (
    select
        account_id,
        min(nature) = max(nature) as has_one_nature
    from {{ ref('fct_charges') }}
    where net_amount > 0 and in_slice(account_id)
    group by account_id
),

claims as (
    select
        charges.charge_id,
        charges.account_id,
        charges.contribution_year,
        coalesce(cast(charges.contribution_quarter as varchar), 'Y') as contribution_quarter,
        claim_types.claim_group,
        charges.charge_type as claim_type,
        charges.nature,
        charges.net_amount,
        charges.collected_amount,
        accounts.has_one_nature
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('claim_types') }} as claim_types on charges.charge_type = claim_types.charge_type
    inner join accounts on charges.account_id = accounts.account_id
    where charges.net_amount > 0 and in_slice(charges.account_id)
),

collections as (
    select
        charge_id,
        year(value_date) as collection_year,
        sum(allocated_amount) as collected_amount
    from {{ ref('fct_allocations') }}
    where credit_type = 'payment' and value_date <= as_of_date() and in_slice(account_id)
    group by all
),

-- What each account was claimed and has paid in the finest cells; then what came in each year (collection_year).
amounts as (
    select
        account_id,
        has_one_nature,
        contribution_year,
        contribution_quarter,
        claim_group,
        claim_type,
        nature,
        null as collection_year,
        sum(net_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    from claims
    group by all
    union all
    select
        claims.account_id,
        claims.has_one_nature,
        claims.contribution_year,
        claims.contribution_quarter,
        claims.claim_group,
        claims.claim_type,
        claims.nature,
        collections.collection_year,
        null as claimed_amount,
        sum(collections.collected_amount) as collected_amount
    from claims
    inner join collections on claims.charge_id = collections.charge_id
    group by all
),

cells as (
    select
        *,
        row_number() over () as cell
    from (select distinct * exclude (account_id, claimed_amount, collected_amount) from amounts) as codes
),

-- T08.1 contribution_year contribution_quarter claim_group!>claim_type nature, T08.2 the same by collection_year!
margins as (
    select
        cell,
        has_one_nature,
        contribution_year,
        contribution_quarter,
        claim_group,
        claim_type,
        nature,
        collection_year,
        dense_rank() over (
            order by
                has_one_nature, contribution_year, contribution_quarter, claim_group, claim_type, nature, collection_year
        ) as margin
    from cells
    group by
        cell, has_one_nature, claim_group, collection_year,
        cube (contribution_year, contribution_quarter, claim_type, nature)
    having nature is not null or not has_one_nature
),

by_account as (
    select
        margins.margin,
        amounts.account_id,
        sum(amounts.claimed_amount) as claimed_amount,
        sum(amounts.collected_amount) as collected_amount
    from amounts
    inner join cells
        on amounts.has_one_nature = cells.has_one_nature
        and amounts.contribution_year = cells.contribution_year
        and amounts.contribution_quarter = cells.contribution_quarter
        and amounts.claim_type = cells.claim_type
        and amounts.nature = cells.nature
        and amounts.collection_year is not distinct from cells.collection_year
    inner join margins on cells.cell = margins.cell
    group by margins.margin, amounts.account_id
),

measured as (
    select
        margin,
        unnest([
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
    group by margin
)

select distinct
    margins.has_one_nature,
    margins.contribution_year,
    margins.contribution_quarter,
    margins.claim_group,
    margins.claim_type,
    margins.nature,
    margins.collection_year,
    measured.measure,
    measured.obs_value,
    measured.contributors,
    measured.two_largest
from measured
inner join margins on measured.margin = margins.margin
-- What is claimed has no year of collection.
where measured.obs_value is not null

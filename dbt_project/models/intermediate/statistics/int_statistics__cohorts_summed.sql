{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- T11 of statistics-tables.md over one range of accounts after the other: stat_t11 puts the ranges together. What an
-- account owes of a cohort seldom changes: it is counted once for all the quarters from one change to the next.
-- Nearly all accounts have one nature, origin and branch in a cohort: their margins are sums of those cells, which
-- stat_t11 adds up; only for the others they are counted here. A code that a row does not tell apart is null.
with charges as (
    select
        charges.charge_id,
        charges.account_id,
        quarter_index(charges.due_date) as due_quarter,
        charges.nature,
        coalesce(origins.origin, 'unknown') as affiliation_origin,
        coalesce(branches.branch, 'unknown') as branch,
        charges.net_amount
    from {{ ref('fct_charges') }} as charges
    left join {{ ref('int_recovery__origins_dated') }} as origins
        on
            charges.account_id = origins.account_id
            and charges.due_date >= origins.from_date
            and charges.due_date < origins.before_date
    left join {{ ref('int_recovery__branches_dated') }} as branches
        on
            charges.account_id = branches.account_id
            and charges.due_date >= branches.from_date
            and charges.due_date < branches.before_date
    where charges.net_amount > 0 and is_contribution(charges.charge_type) and in_slice(charges.account_id)
),

accounts as (
    select
        account_id,
        due_quarter,
        min(nature) = max(nature)
        and min(affiliation_origin) = max(affiliation_origin)
        and min(branch) = max(branch) as has_one_cell
    from charges
    group by account_id, due_quarter
),

allocated as (
    select
        charge_id,
        quarter_index(value_date) as quarter,
        sum(allocated_amount) as allocated_amount,
        coalesce(sum(allocated_amount) filter (where credit_type = 'payment'), 0) as collected_amount
    from {{ ref('fct_allocations') }}
    where value_date <= as_of_date() and in_slice(account_id)
    group by all
),

-- What came in before the quarter of the due date counts in that quarter (C1), with what is claimed.
movements as (
    select
        account_id,
        due_quarter,
        nature,
        affiliation_origin,
        branch,
        0 as quarters_since_due,
        1 as charges,
        net_amount as claimed_amount,
        0 as collected_amount,
        net_amount as outstanding_amount
    from charges
    union all
    select
        charges.account_id,
        charges.due_quarter,
        charges.nature,
        charges.affiliation_origin,
        charges.branch,
        greatest(allocated.quarter - charges.due_quarter, 0) as quarters_since_due,
        0 as charges,
        0 as claimed_amount,
        allocated.collected_amount,
        -allocated.allocated_amount as outstanding_amount
    from charges
    inner join allocated on charges.charge_id = allocated.charge_id
),

-- A change is seen at the next of the observations that T11 shows: 0, 3, 6, 12, 18, 24, 36 and 60 months.
movements_of_accounts as (
    select
        movements.* replace (
            case
                when movements.quarters_since_due <= 2 then movements.quarters_since_due
                when movements.quarters_since_due <= 8 then (movements.quarters_since_due + 1) // 2 * 2
                when movements.quarters_since_due <= 12 then 12
                else 20
            end as quarters_since_due
        ),
        accounts.has_one_cell
    from movements
    inner join accounts
        on movements.account_id = accounts.account_id and movements.due_quarter = accounts.due_quarter
    where movements.quarters_since_due <= 20
),

by_account as (
    select
        account_id,
        due_quarter,
        has_one_cell,
        nature,
        affiliation_origin,
        branch,
        quarters_since_due,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount
    from movements_of_accounts
    where has_one_cell
    group by account_id, due_quarter, has_one_cell, nature, affiliation_origin, branch, quarters_since_due
    union all by name
    -- T11.1: nature affiliation_origin
    select
        account_id,
        due_quarter,
        has_one_cell,
        nature,
        affiliation_origin,
        quarters_since_due,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount
    from movements_of_accounts
    where not has_one_cell
    group by account_id, due_quarter, has_one_cell, quarters_since_due, cube (nature, affiliation_origin)
    union all by name
    -- T11.2: branch
    select
        account_id,
        due_quarter,
        has_one_cell,
        branch,
        quarters_since_due,
        sum(charges) as charges,
        sum(claimed_amount) as claimed_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount
    from movements_of_accounts
    where not has_one_cell
    group by account_id, due_quarter, has_one_cell, quarters_since_due, branch
),

-- From one change to the next; 999 where none comes any more.
spans as (
    select
        due_quarter,
        has_one_cell,
        nature,
        affiliation_origin,
        branch,
        quarters_since_due as from_quarters,
        lead(quarters_since_due, 1, 999) over changes as before_quarters,
        cast(sum(charges) over changes as integer) as charges,
        cast(sum(claimed_amount) over changes as decimal(18, 2)) as claimed_amount,
        cast(sum(collected_amount) over changes as decimal(18, 2)) as collected_amount,
        cast(sum(outstanding_amount) over changes as decimal(18, 2)) as outstanding_amount
    from by_account
    window changes as (
        partition by account_id, due_quarter, nature, affiliation_origin, branch
        order by quarters_since_due
    )
)

select
    due_quarter,
    has_one_cell,
    nature,
    affiliation_origin,
    branch,
    from_quarters,
    before_quarters,
    count(*) as contributors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    count(nullif(collected_amount, 0)) as payers,
    count(nullif(outstanding_amount, 0)) as debtors,
    max(charges, 2) as most_charges,
    max(claimed_amount, 2) as largest_claims,
    max(abs(nullif(collected_amount, 0)), 2) as largest_collections,
    max(nullif(outstanding_amount, 0), 2) as largest_debts
from spans
group by all

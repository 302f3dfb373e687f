-- The cells of mart_quarter (B2) as they stood a year before the as-of date: the cell of a period now stands beside
-- that of the same period of the year before, here, at the same age.
with charges as (
    select
        charges.*,
        earlier.collected_year_earlier_amount,
        earlier.outstanding_year_earlier_amount
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('int_ledger__charges_earlier') }} as earlier on charges.charge_id = earlier.charge_id
    where charges.account_type = 'affiliate' and earlier.is_claimed_year_earlier
),

cells as (
    select
        contribution_year,
        contribution_quarter,
        category,
        nature,
        count(*) as charges,
        sum(net_amount) as claimed_amount,
        sum(collected_year_earlier_amount) as collected_amount,
        sum(outstanding_year_earlier_amount) as outstanding_amount
    from charges
    group by contribution_year, contribution_quarter, category, nature
)

select
    years_added(as_of_date(), -1) as observation_date,
    contribution_year,
    contribution_quarter,
    category,
    nature,
    charges,
    cast(claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(collected_amount as decimal(18, 2)) as collected_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(collected_amount / nullif(claimed_amount, 0) as double) as collection_rate
from cells

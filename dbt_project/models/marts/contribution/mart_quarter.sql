-- B2: provisional charges and positive regularisations of affiliates; amounts of a year have no quarter.
with charges as (
    select * from {{ ref('fct_charges') }}
    where account_type = 'affiliate' and charge_type in ('provisional', 'regularisation') and gross_amount > 0
),

cells as (
    select
        contribution_year,
        contribution_quarter,
        category,
        nature,
        count(*) as charges,
        count(distinct account_id) filter (where net_amount > 0) as affiliates,
        sum(net_amount) as claimed_amount,
        sum(relief_amount) as relief_amount,
        sum(collected_amount) as collected_amount,
        sum(collected_on_time_amount) as collected_on_time_amount,
        sum(outstanding_amount) as outstanding_amount
    from charges
    group by contribution_year, contribution_quarter, category, nature
)

select
    contribution_year,
    contribution_quarter,
    category,
    nature,
    charges,
    affiliates,
    cast(claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(relief_amount as decimal(18, 2)) as relief_amount,
    cast(collected_amount as decimal(18, 2)) as collected_amount,
    cast(collected_on_time_amount as decimal(18, 2)) as collected_on_time_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(collected_amount / nullif(claimed_amount, 0) as double) as collection_rate
from cells

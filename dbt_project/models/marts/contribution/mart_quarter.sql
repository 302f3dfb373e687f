with claims as (
    select *
    from {{ ref('fct_charges_ledger') }}
    where account_type = 'affiliate' and gross_amount > 0 and charge_type in ('provisional', 'regularisation')
)

select
    contribution_year,
    contribution_quarter,
    category,
    nature,
    cast(count(distinct case when net_amount > 0 then account_id end) as bigint) as affiliates,
    cast(sum(net_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(relief_amount) as decimal(18, 2)) as relief_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(collected_on_time_amount) as decimal(18, 2)) as collected_on_time_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(sum(collected_amount) / nullif(sum(net_amount), 0) as double) as collection_rate
from claims
group by contribution_year, contribution_quarter, category, nature

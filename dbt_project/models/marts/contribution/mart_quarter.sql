{#- Carried on: every figure is a sum over accounts, distinct accounts too, since an account is replaced as a whole. -#}
{%- set cells -%}
select
    contribution_year,
    contribution_quarter,
    category,
    nature,
    count(*) as charges,
    count(distinct case when net_amount > 0 then account_key end) as affiliates,
    sum(net_amount) as claimed_amount,
    sum(relief_amount) as relief_amount,
    sum(collected_amount) as collected_amount,
    sum(collected_on_time_amount) as collected_on_time_amount,
    sum(outstanding_amount) as outstanding_amount
from THE_LEDGER as ledger
where account_key < {{ first_company_key() }} and gross_amount > 0 and charge_type in ('provisional', 'regularisation')
group by contribution_year, contribution_quarter, category, nature
{%- endset -%}
with cells as (
    {{ ledger_cells_carried(
        cells,
        last_release('contribution', 'mart_quarter'),
        ['contribution_year', 'contribution_quarter', 'category', 'nature'],
        {
            'charges': 'bigint',
            'affiliates': 'bigint',
            'claimed_amount': 'decimal(18, 2)',
            'relief_amount': 'decimal(18, 2)',
            'collected_amount': 'decimal(18, 2)',
            'collected_on_time_amount': 'decimal(18, 2)',
            'outstanding_amount': 'decimal(18, 2)'
        }
    ) }}
)

select
    contribution_year,
    contribution_quarter,
    cast(category as varchar) as category,
    cast(nature as varchar) as nature,
    charges,
    affiliates,
    claimed_amount,
    relief_amount,
    collected_amount,
    collected_on_time_amount,
    outstanding_amount,
    cast(collected_amount / nullif(claimed_amount, 0) as double) as collection_rate
from cells

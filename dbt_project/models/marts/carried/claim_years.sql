{#- The perception percentage of every year, the running one too, which mart_perception shows once it has ended. -#}
{%- set cells -%}
select
    cast(year(issue_date) as integer) as claim_year,
    {{ account_type('account_key') }} as account_type,
    count(*) as charges,
    sum(net_amount) as claimed_amount,
    sum(collected_in_issue_year_amount) as collected_by_year_end_amount,
    sum(outstanding_at_issue_year_end_amount) as year_end_outstanding_amount
from THE_LEDGER as ledger
where
    gross_amount > 0
    and (
        (account_key < {{ first_company_key() }} and charge_type in ('provisional', 'regularisation'))
        or (account_key >= {{ first_company_key() }} and charge_type = 'company_contribution')
    )
group by year(issue_date), {{ account_type('account_key') }}
{%- endset -%}
{{ ledger_cells_carried(
    cells,
    last_release('carried', 'claim_years'),
    ['claim_year', 'account_type'],
    {
        'charges': 'bigint',
        'claimed_amount': 'decimal(18, 2)',
        'collected_by_year_end_amount': 'decimal(18, 2)',
        'year_end_outstanding_amount': 'decimal(18, 2)'
    }
) }}

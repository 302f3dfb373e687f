{#- Charges that have a legal amount, counted: what equals the law is all of them less what differs
    (fct_charges_differing). -#}
{%- set cells -%}
select
    {{ claim_type_rank('ledger.claim_code') }} as claim_rank,
    {{ claim_contribution_year('ledger.claim_code') }} as contribution_year,
    {{ claim_nature_rank('ledger.claim_code') }} as nature_rank,
    {{ quarter_index('ledger.issue_date') }} as issue_index,
    ledger.account_key >= {{ first_company_key() }} as is_company,
    managed.THE_OFFICE as office_code,
    count(*) as charges,
    sum(ledger.gross_amount) as gross_amount
from THE_LEDGER as ledger
left join {{ ref('int_service__accounts_managed') }} as managed on ledger.account_key = managed.account_key
where {{ has_legal_amount('ledger.charge_type') }}
group by
    {{ claim_type_rank('ledger.claim_code') }},
    {{ claim_contribution_year('ledger.claim_code') }},
    {{ claim_nature_rank('ledger.claim_code') }},
    {{ quarter_index('ledger.issue_date') }},
    ledger.account_key >= {{ first_company_key() }},
    managed.THE_OFFICE
{%- endset -%}
{{ ledger_cells_carried(
    cells,
    last_release('carried', 'charges_comparable'),
    ['claim_rank', 'contribution_year', 'nature_rank', 'issue_index', 'is_company', 'office_code'],
    {'charges': 'bigint', 'gross_amount': 'decimal(18, 2)'},
    {'THE_OFFICE': ['previous_office_code', 'office_code']}
) }}

{#- The ledger is read by its place, not by ref(): it is replaced right after, so this model is named as a dependency
    there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set columns = {
    'charge_number': 'bigint',
    'account_id': 'varchar',
    'account_key': 'integer',
    'account_type': 'varchar',
    'claim_code': 'ubigint',
    'related_charge_number': 'bigint',
    'charge_type': 'varchar',
    'contribution_year': 'integer',
    'contribution_quarter': 'integer',
    'category': 'varchar',
    'nature': 'varchar',
    'issue_date': 'date',
    'due_date': 'date',
    'gross_amount': 'decimal(18, 2)',
    'cancelled_amount': 'decimal(18, 2)',
    'relief_amount': 'decimal(18, 2)',
    'net_amount': 'decimal(18, 2)',
    'collected_amount': 'decimal(18, 2)',
    'credited_amount': 'decimal(18, 2)',
    'outstanding_amount': 'decimal(18, 2)',
    'collected_on_time_amount': 'decimal(18, 2)',
    'settled_date': 'date',
    'collected_in_issue_year_amount': 'decimal(18, 2)',
    'outstanding_at_issue_year_end_amount': 'decimal(18, 2)'
} -%}
{%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ last_release('contribution', 'fct_charges_ledger') }}
where account_key in (select touched.account_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, columns) }}

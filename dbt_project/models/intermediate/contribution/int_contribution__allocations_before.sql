{#- As int_contribution__charges_before. -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set columns = {
    'account_key': 'integer',
    'charge_number': 'bigint',
    'claim_code': 'ubigint',
    'credit_kind': 'tinyint',
    'due_date': 'date',
    'value_date': 'date',
    'allocated_amount': 'decimal(18, 2)'
} -%}
{%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ last_release('contribution', 'fct_allocations_ledger') }}
where account_key in (select touched.account_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, columns) }}

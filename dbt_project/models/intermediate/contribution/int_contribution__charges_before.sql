{#- The ledger is read by its place, not by ref(): it is replaced right after, so this model is named as a dependency
    there (depends_on). -#}
{%- set touched = ref('int_contribution__accounts_touched') -%}
{%- set columns = charges_ledger_columns() -%}
{%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ last_release('contribution', 'fct_charges_ledger') }}
where account_key in (select touched.account_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, columns) }}

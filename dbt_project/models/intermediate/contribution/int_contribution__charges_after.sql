{#- The ledger of the touched accounts as it is, from which sums are carried on. -#}
{%- set charges, touched = ref('int_contribution__charges_in_scope'), ref('int_contribution__accounts_touched') -%}
{%- set columns = charges_ledger_columns() -%}
{%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ charges }}
where account_key in (select touched.account_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, columns) }}

{#- The ledger of the touched accounts as it is. A table, for many sums are carried on from it and the ledger of a
    country has 55 million rows. -#}
{%- set ledger, touched = ref('fct_charges_ledger'), ref('int_contribution__accounts_touched') -%}
{%- set columns = charges_ledger_columns() -%}
{%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ ledger }}
where account_key in (select touched.account_key from {{ touched }} as touched)
{%- endset -%}
{{ in_incremental(query, columns) }}

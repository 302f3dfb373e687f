{#
Slices of accounts. What sorts or groups every charge and payment of a country is computed slice after slice, so that it
stays in memory whatever the size of the fund: unsliced, the country's ledger passes 8 GiB, and spilling takes twice the
time. A slice is a range of account identifiers (int_ledger__account_slices); the rows of a sliced table lie in the order
of the slices, so the next one reads a part of it only.

A sliced model says `where in_slice(account_id)` (functions/slices.sql) at each of its large inputs; the materialization
runs its query once per slice. Anywhere else the condition is true.
#}

{#
About how many charges and payments a slice holds. With 12 million the widest steps (T08, T11) spill: they take a third of
the build of a tenth of the country, with 3 million a fifth.
#}
{% macro rows_per_slice() -%}
    {{ return(env_var('VIGIE_SLICE_ROWS', '3000000')) }}
{%- endmacro %}

{% materialization sliced, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set query = contracted(sql) -%}
    {%- set bounds -%}
        select from_account_id, to_account_id from {{ ref('int_ledger__account_slices') }} order by all
    {%- endset -%}

    {{ run_hooks(pre_hooks) }}
    {#- An empty table first, which each slice is added to. -#}
    {%- do set_slice('~', '') -%}
    {%- call statement('empty') -%}
        create or replace table {{ target_relation }} as {{ query }}
    {%- endcall -%}
    {%- for from_account_id, to_account_id in run_query(bounds).rows -%}
        {%- do set_slice(from_account_id, to_account_id) -%}
        {%- call statement('main') -%}
            insert into {{ target_relation }} by name {{ query }}
        {%- endcall -%}
    {%- endfor -%}
    {%- do run_query('reset variable slice_from') -%}
    {%- do run_query('reset variable slice_to') -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% macro set_slice(from_account_id, to_account_id) -%}
    {%- do run_query("set variable slice_from = '" ~ from_account_id ~ "'") -%}
    {%- do run_query("set variable slice_to = '" ~ to_account_id ~ "'") -%}
{%- endmacro %}

{#
Slices of accounts. What sorts or groups every charge and payment of a country is computed slice after slice, so that it
stays in memory whatever the size of the fund (and spilling costs twice the time). A slice is a range of account keys:
the rows of a sliced table lie in the order of the slices, so a sliced table is read in part only by the next one.

A sliced model writes `where in_slice('account_key')` at each of its large inputs; the materialization (materialized=
'sliced') runs its query once per slice. Anywhere else the condition is true.
#}
{% macro in_slice(account_key) -%}
    {%- do ref('int_contribution__account_slices') -%}
    {{ return(adapter.dispatch('in_slice')(account_key)) }}
{%- endmacro %}

{% macro default__in_slice(account_key) -%}
    true
{%- endmacro %}

{% macro duckdb__in_slice(account_key) -%}
    {{ account_key }} between coalesce(getvariable('slice_from'), 0) and coalesce(getvariable('slice_to'), {{ last_account_key() }})
{%- endmacro %}

{# The same for a column of account identifiers: their order is that of the keys, and files are sorted by them. #}
{% macro in_slice_of_ids(account_id) -%}
    {%- do ref('int_contribution__account_slices') -%}
    {{ return(adapter.dispatch('in_slice_of_ids')(account_id)) }}
{%- endmacro %}

{% macro default__in_slice_of_ids(account_id) -%}
    true
{%- endmacro %}

{% macro duckdb__in_slice_of_ids(account_id) -%}
    {{ account_id }} between {{ account_id_of_variable('slice_from', 'A') }}
    and {{ account_id_of_variable('slice_to', 'D') }}
{%- endmacro %}

{# An account variable as identifier; without it the letter, which lies before or after all of them. #}
{% macro account_id_of_variable(name, otherwise) -%}
    coalesce({{ account_id("getvariable('" ~ name ~ "')") }}, '{{ otherwise }}')
{%- endmacro %}

{# (from, to) of each slice; one that holds everything in an incremental build, whose inputs are small. #}
{% macro slices() -%}
    {%- if is_incremental_build() -%}
        {{ return([(0, last_account_key() | int)]) }}
    {%- endif -%}
    {%- set bounds -%}
        select
            from_key,
            to_key
        from {{ ref('int_contribution__account_slices') }}
        order by from_key
    {%- endset -%}
    {#- Without any account there is still one slice, of nothing. -#}
    {{ return(run_query(bounds).rows | list or [(0, last_account_key() | int)]) }}
{%- endmacro %}

{# About how many charges and payments a slice holds. 12 million take 1 to 2 GB in the widest step. #}
{% macro rows_per_slice() -%}
    {{ return(env_var('VIGIE_SLICE_ROWS', '12000000')) }}
{%- endmacro %}

{% macro set_slice(slice) -%}
    {%- do run_query("set variable slice_from = " ~ slice[0]) -%}
    {%- do run_query("set variable slice_to = " ~ slice[1]) -%}
{%- endmacro %}

{% macro end_slices() -%}
    {%- do run_query("reset variable slice_from") -%}
    {%- do run_query("reset variable slice_to") -%}
{%- endmacro %}

{#
A table computed slice by slice. A ledger table (it has account_id and lives in the release) replaces the touched
accounts in an incremental build, as a whole, so that an account that lost its last row loses it here too.
#}
{% materialization sliced, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = adapter.get_relation(this.database, this.schema, this.identifier) -%}
    {%- set is_ledger = config.get('is_ledger', false) -%}
    {%- set query = contracted(sql) -%}
    {%- set slices = slices() -%}

    {{ run_hooks(pre_hooks) }}
    {%- if is_ledger and is_incremental_build() and existing -%}
        {%- call statement('touched') -%}
            {{ delete_touched(target_relation) }}
        {%- endcall -%}
    {%- else -%}
        {%- if existing -%}{%- do adapter.drop_relation(existing) -%}{%- endif -%}
        {%- do set_slice((1, 0)) -%}
        {%- call statement('empty') -%}
            create table {{ target_relation }} as {{ query }}
        {%- endcall -%}
    {%- endif -%}
    {%- for slice in slices -%}
        {%- do set_slice(slice) -%}
        {%- call statement('main') -%}
            insert into {{ target_relation }} by name {{ query }}
        {%- endcall -%}
    {%- endfor -%}
    {%- do end_slices() -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

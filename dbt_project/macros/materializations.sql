{#
Tables and views written in place. The candidate and the work database belong to one build and nobody reads them before
it ends (docs/architecture.md), so a table needs no second name to be built under, no swap and no backup: dbt's own way
takes three statements more per model, which is a third of the time of a small fund's build.
#}
{% materialization table, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        create or replace table {{ target_relation }} as {{ contracted(sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{% materialization view, adapter='duckdb' %}
    {%- set target_relation = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        create or replace view {{ target_relation }} as {{ contracted(sql) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{# The query of a model; when its contract is enforced, with the columns and types of the contract proven. #}
{% macro contracted(sql) -%}
    {%- if config.get('contract').enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
        {{ return('(' ~ get_select_subquery(sql) ~ ')') }}
    {%- endif -%}
    {{ return('(' ~ sql ~ ')') }}
{%- endmacro %}

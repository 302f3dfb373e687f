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

{# The query of a model; when its contract is enforced, with the columns and types of the contract proven. A build that
   carries a release on has the same code and the same types of its sources: proven when that release was built. #}
{% macro contracted(sql) -%}
    {%- if config.get('contract').enforced -%}
        {%- if not is_incremental_build() -%}{{ get_assert_columns_equivalent(sql) }}{%- endif -%}
        {{ return('(' ~ get_select_subquery(sql) ~ ')') }}
    {%- endif -%}
    {{ return('(' ~ sql ~ ')') }}
{%- endmacro %}

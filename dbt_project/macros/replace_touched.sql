{#
Incremental strategy of every table that a daily build carries on: the rows of what was touched are replaced as a whole,
so an account that lost its last row loses it here too. The models before them read what is touched only (only_touched).
The configuration names the list (`touched`, a model), the column of the table that it chooses by (`touched_by`) and, where
it has another name there, the column of the list (`touched_as`); without it, accounts.
#}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    {{ delete_touched(arg_dict['target_relation']) }};
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{% macro delete_touched(relation) -%}
    {%- set column = config.get('touched_by', 'account_id') -%}
    delete from {{ relation }}
    where {{ column }} in (
        select {{ config.get('touched_as', column) }}
        from {{ ref(config.get('touched', 'int_contribution__accounts_touched')) }}
    )
{%- endmacro %}

{# Condition that keeps what was touched in an incremental build, and everything in a full one. #}
{% macro only_touched(column, touched='int_contribution__accounts_touched', touched_by='account_id') -%}
    {#- Named outside the condition, for dbt to see the dependency when it parses. -#}
    {%- set list = ref(touched) -%}
    {%- if is_incremental_build() -%}
        {{ column }} in (select {{ touched_by }} from {{ list }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# The same for the models that compare with the law: they follow more than charges and payments. #}
{% macro only_reassessed(column) -%}
    {{ return(only_touched(column, 'int_contribution__accounts_reassessed')) }}
{%- endmacro %}

{# And for a column of account numbers. #}
{% macro only_reassessed_keys(column) -%}
    {{ return(only_touched(column, 'int_contribution__accounts_reassessed', 'account_key')) }}
{%- endmacro %}

{# The same for surcharges, which fall due with the quarters. #}
{% macro only_resurcharged(column) -%}
    {{ return(only_touched(column, 'int_contribution__accounts_resurcharged')) }}
{%- endmacro %}

{# And for a column of account numbers. #}
{% macro only_resurcharged_keys(column) -%}
    {{ return(only_touched(column, 'int_contribution__accounts_resurcharged', 'account_key')) }}
{%- endmacro %}

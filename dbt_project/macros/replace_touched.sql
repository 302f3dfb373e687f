{# Incremental strategy of the ledger models: the rows of every touched account are replaced as a whole, so an account
   that lost its last row loses it here too. The models before them read touched accounts only (macro only_touched). #}
{% macro get_incremental_replace_touched_sql(arg_dict) -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ arg_dict['target_relation'] }}
    where account_id in (select account_id from {{ ref('int_contribution__accounts_touched') }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{# Condition that keeps the touched accounts in an incremental build, and everything in a full one. #}
{% macro only_touched(column) -%}
    {#- Named outside the condition, for dbt to see the dependency when it parses. -#}
    {%- set touched = ref('int_contribution__accounts_touched') -%}
    {%- if is_incremental_build() -%}
        {{ column }} in (select account_id from {{ touched }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

{# The same for the models that compare with the law: they follow more than charges and payments. A model whose accounts
   stand in another column names it (meta: account_column). #}
{% macro get_incremental_replace_reassessed_sql(arg_dict) -%}
    {%- set account_column = config.get('meta', {}).get('account_column', 'account_id') -%}
    {%- set columns = arg_dict['dest_columns'] | map(attribute='quoted') | join(', ') %}
    delete from {{ arg_dict['target_relation'] }}
    where {{ account_column }} in (select account_id from {{ ref('int_contribution__accounts_reassessed') }});
    insert into {{ arg_dict['target_relation'] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict['temp_relation'] }}
{%- endmacro %}

{% macro only_reassessed(column) -%}
    {%- set reassessed = ref('int_contribution__accounts_reassessed') -%}
    {%- if is_incremental_build() -%}
        {{ column }} in (select account_id from {{ reassessed }})
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}

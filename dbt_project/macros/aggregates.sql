{# The second largest value of a column in a group; null when there is one value only. #}
{% macro second_largest(column, condition) -%}
    {{ return(adapter.dispatch('second_largest')(column, condition)) }}
{%- endmacro %}

{% macro duckdb__second_largest(column, condition) -%}
    list_extract(max({{ column }}, 2) filter (where {{ condition }}), 2)
{%- endmacro %}

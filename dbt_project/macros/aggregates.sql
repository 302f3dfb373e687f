{# The second largest value of a column in a group; null when there is one value only. #}
{% macro second_largest(column, condition) -%}
    {{ return(adapter.dispatch('second_largest')(column, condition)) }}
{%- endmacro %}

{% macro duckdb__second_largest(column, condition) -%}
    list_extract(max({{ column }}, 2) filter (where {{ condition }}), 2)
{%- endmacro %}

{# The so many largest values of a column in a group, largest first. #}
{% macro largest(column, how_many) -%}
    {{ return(adapter.dispatch('largest')(column, how_many)) }}
{%- endmacro %}

{% macro duckdb__largest(column, how_many) -%}
    max({{ column }}, {{ how_many }})
{%- endmacro %}

{# The so many largest values of all the lists of a group, largest first. #}
{% macro largest_of_lists(column, how_many) -%}
    {{ return(adapter.dispatch('largest_of_lists')(column, how_many)) }}
{%- endmacro %}

{% macro duckdb__largest_of_lists(column, how_many) -%}
    list_reverse_sort(flatten(list({{ column }})))[:{{ how_many }}]
{%- endmacro %}

{# The value of a column in the row that comes last in the order of others, within a group. #}
{% macro last_of(column, order) -%}
    {{ return(adapter.dispatch('last_of')(column, order)) }}
{%- endmacro %}

{% macro duckdb__last_of(column, order) -%}
    last({{ column }} order by {{ order | join(', ') }})
{%- endmacro %}

{# Rows of two relations that lie in the same cell; a dimension without value is a value too. #}
{% macro is_same(left, right, keys) -%}
    {% for name in keys -%}
    {{ left }}.{{ name }} is not distinct from {{ right }}.{{ name }}{{ ' and ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

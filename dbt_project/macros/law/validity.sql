{# A row of a dated list is in force on a date; an empty end means open. #}
{% macro is_in_force(alias, date) -%}
    ({{ date }} >= {{ alias }}.valid_from and ({{ alias }}.valid_to is null or {{ date }} <= {{ alias }}.valid_to))
{%- endmacro %}

{# Accounts whose recovery figures are computed again: all of them in a full build. #}
{% macro only_scoped(column) -%}
    true
{%- endmacro %}

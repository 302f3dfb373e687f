{#
National union of a mutuality: the first digit of its number (100 Christian, 200 neutral, 300 socialist, 400 liberal, 500
free, 600 auxiliary fund, 900 railways). `other` when the recipient has no number.
#}
{% macro mutuality_union(recipient) -%}
    coalesce(nullif(regexp_extract({{ recipient }}, '[1-69]'), ''), 'other')
{%- endmacro %}

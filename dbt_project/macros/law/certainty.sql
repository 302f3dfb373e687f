{# The weakest of several certainties: seen, derived, known, unsure, in that order. Null columns are skipped. #}
{% macro weakest(columns) -%}
    case
        {%- for certainty in ['unsure', 'known', 'derived', 'seen'] %}
        when {% for column in columns -%}
            {{ column }} = '{{ certainty }}'{{ ' or ' if not loop.last }}
        {%- endfor %} then '{{ certainty }}'
        {%- endfor %}
    end
{%- endmacro %}

{# The weakest certainty of a group of rows. #}
{% macro weakest_of(column) -%}
    case
        {%- for certainty in ['unsure', 'known', 'derived', 'seen'] %}
        when max(case when {{ column }} = '{{ certainty }}' then 1 end) = 1 then '{{ certainty }}'
        {%- endfor %}
    end
{%- endmacro %}

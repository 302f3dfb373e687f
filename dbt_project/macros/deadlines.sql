{# True when something with a deadline was in time, false when it was late or is overdue, empty while it may still come. #}
{% macro done_in_time(done_date, deadline, as_of=none) -%}
    {%- set day = as_of or as_of_date() -%}
    case
        when {{ done_date }} <= {{ day }} then {{ done_date }} <= {{ deadline }}
        when {{ deadline }} < {{ day }} then false
    end
{%- endmacro %}

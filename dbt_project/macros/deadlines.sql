{# True when something with a deadline was in time, false when it was late or is overdue, empty while it may still come. #}
{% macro done_in_time(done_date, deadline) -%}
    case
        when {{ done_date }} <= {{ as_of_date() }} then {{ done_date }} <= {{ deadline }}
        when {{ deadline }} < {{ as_of_date() }} then false
    end
{%- endmacro %}

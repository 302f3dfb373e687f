{#
The same day so many months later; the last day of the month when it does not exist (ruling D4: 31 October + 4 months
is 28 or 29 February).
#}
{% macro months_added(date, months) -%}
    {{ return(adapter.dispatch('months_added')(date, months)) }}
{%- endmacro %}

{% macro default__months_added(date, months) -%}
    cast({{ date }} + interval ({{ months }}) month as date)
{%- endmacro %}

{# The day an action became known to have happened: what is dated after the as-of date has not happened yet (ruling D5). #}
{% macro happened(date) -%}
    case when {{ date }} <= {{ as_of_date() }} then {{ date }} end
{%- endmacro %}

{# True when something with a deadline was in time, false when it was late or is overdue, empty while it may still come. #}
{% macro done_in_time(done_date, deadline) -%}
    case
        when {{ done_date }} <= {{ as_of_date() }} then {{ done_date }} <= {{ deadline }}
        when {{ deadline }} < {{ as_of_date() }} then false
    end
{%- endmacro %}

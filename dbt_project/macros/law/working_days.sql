{#
Working days (ruling E2): Monday to Friday less the legal holidays, counted after the start day up to and including the
end day. The macros look the dates up in int_law__working_days, so they fit wherever a scalar does (pass columns with
their table); outside its span (1800 to the end of the list of holidays) they are null.
#}
{% macro working_days_between(start_date, end_date) -%}
    (
        (select ends.working_days_to_date from {{ ref('int_law__working_days') }} as ends
            where ends.calendar_date = {{ end_date }})
        - (select starts.working_days_to_date from {{ ref('int_law__working_days') }} as starts
            where starts.calendar_date = {{ start_date }})
    )
{%- endmacro %}

{# The last day on which no more than so many working days have passed: the day before the next one. Where that working
   day is a Friday, it is the Sunday after it. #}
{% macro last_day_within(start_date, days) -%}
    ({{ working_days_added(start_date, days + 1) }} - 1)
{%- endmacro %}

{# The working day that comes so many working days after a date. #}
{% macro working_days_added(start_date, days) -%}
    (
        select ends.calendar_date
        from {{ ref('int_law__working_days') }} as starts
        inner join {{ ref('int_law__working_days') }} as ends
            on starts.working_days_to_date + {{ days }} = ends.working_days_to_date and ends.is_working_day
        where starts.calendar_date = {{ start_date }}
    )
{%- endmacro %}

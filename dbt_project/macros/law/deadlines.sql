{#
Last day allowed (list law_deadlines; `rules` is the alias of one of its rows). Months and years go from a day to the same
day, or to the last day of a shorter month; days are counted after the start day.
#}
{% macro deadline_date(rules, from_date) -%}
    case
        when {{ rules }}.unit = 'working_days' then {{ working_days_added(from_date, rules ~ '.value') }}
        when {{ rules }}.counted_from = 'quarter_end' then
            {{ quarter_index_end(quarter_index(from_date) ~ ' + cast(' ~ rules ~ '.value as integer)') }}
        when {{ rules }}.counted_from = 'month_end' then {{ month_end(from_date, rules ~ '.value') }}
        when {{ rules }}.counted_from = 'quarter_start' then {{ days_added(months_added(
            quarter_index_start(quarter_index(from_date) ~ ' + ' ~ rules ~ '.quarters_after'), rules ~ '.value'
        ), -1) }}
        when {{ rules }}.unit = 'days' then {{ days_added(from_date, 'cast(' ~ rules ~ '.value as integer)') }}
        when {{ rules }}.unit = 'months' then {{ months_added(from_date, rules ~ '.value') }}
        when {{ rules }}.unit = 'years' then {{ years_added(from_date, rules ~ '.value') }}
    end
{%- endmacro %}

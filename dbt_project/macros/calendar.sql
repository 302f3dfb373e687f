{#
Dates, quarters and ages. Readers see quarters as text (2026Q3, ruling F13); inside a computation a quarter is a whole
number, quarter_index = 4 x year + quarter - 1, so that "the next quarter" is + 1 and joins compare numbers.
What only one engine can say is dispatched; the rest is standard SQL.
#}
{% macro quarter_index(date) -%}
    cast(extract(year from {{ date }}) * 4 + extract(quarter from {{ date }}) - 1 as integer)
{%- endmacro %}

{# 2026Q3 #}
{% macro quarter_text(date) -%}
    (cast(extract(year from {{ date }}) as varchar) || 'Q' || cast(extract(quarter from {{ date }}) as varchar))
{%- endmacro %}

{# 2026Q3, from the number of the quarter #}
{% macro quarter_index_text(index) -%}
    ({{ year_of_quarter_index(index) }} || 'Q' || cast({{ index }} % 4 + 1 as varchar))
{%- endmacro %}

{# 2026, from the number of the quarter #}
{% macro year_of_quarter_index(index) -%}
    cast({{ whole_division(index, 4) }} as varchar)
{%- endmacro %}

{# The number of a quarter from its text. #}
{% macro quarter_text_index(text) -%}
    (cast(substr({{ text }}, 1, 4) as integer) * 4 + cast(substr({{ text }}, 6, 1) as integer) - 1)
{%- endmacro %}

{# The number of the last quarter whose end is not after a date. #}
{% macro last_quarter_index(date) -%}
    ({{ quarter_index(days_added(date, 1)) }} - 1)
{%- endmacro %}

{# Division of whole numbers, rounded down. #}
{% macro whole_division(dividend, divisor) -%}
    {{ return(adapter.dispatch('whole_division')(dividend, divisor)) }}
{%- endmacro %}

{% macro default__whole_division(dividend, divisor) -%}
    cast(floor(({{ dividend }}) / {{ divisor }}.0) as integer)
{%- endmacro %}

{% macro duckdb__whole_division(dividend, divisor) -%}
    ({{ dividend }}) // {{ divisor }}
{%- endmacro %}

{# First and last day of the quarter that a date lies in. #}
{% macro quarter_start(date) -%}
    {{ return(adapter.dispatch('quarter_start')(date)) }}
{%- endmacro %}

{% macro default__quarter_start(date) -%}
    cast(date_trunc('quarter', {{ date }}) as date)
{%- endmacro %}

{% macro quarter_end(date) -%}
    {{ return(adapter.dispatch('quarter_end')(date)) }}
{%- endmacro %}

{% macro default__quarter_end(date) -%}
    cast(date_trunc('quarter', {{ date }}) + interval 3 month - interval 1 day as date)
{%- endmacro %}

{# First and last day of the quarter of that number. #}
{% macro quarter_index_start(index) -%}
    {{ return(adapter.dispatch('quarter_index_start')(index)) }}
{%- endmacro %}

{% macro duckdb__quarter_index_start(index) -%}
    make_date(({{ index }}) // 4, ({{ index }}) % 4 * 3 + 1, 1)
{%- endmacro %}

{% macro quarter_index_end(index) -%}
    {{ return(adapter.dispatch('quarter_index_end')(index)) }}
{%- endmacro %}

{% macro duckdb__quarter_index_end(index) -%}
    last_day(make_date(({{ index }}) // 4, ({{ index }}) % 4 * 3 + 3, 1))
{%- endmacro %}

{# The day before and the day after. #}
{% macro days_added(date, days) -%}
    {{ return(adapter.dispatch('days_added')(date, days)) }}
{%- endmacro %}

{% macro default__days_added(date, days) -%}
    cast({{ date }} + interval '{{ days }}' day as date)
{%- endmacro %}

{% macro duckdb__days_added(date, days) -%}
    ({{ date }} + {{ days }})
{%- endmacro %}

{# 2026-09 #}
{% macro month_text(date) -%}
    {{ return(adapter.dispatch('month_text')(date)) }}
{%- endmacro %}

{% macro default__month_text(date) -%}
    substr(cast({{ date }} as varchar), 1, 7)
{%- endmacro %}

{# Age in completed years on a date (definitions, section 6). #}
{% macro age_in_years(birth_date, date) -%}
    {{ return(adapter.dispatch('age_in_years')(birth_date, date)) }}
{%- endmacro %}

{% macro duckdb__age_in_years(birth_date, date) -%}
    cast(date_sub('year', {{ birth_date }}, {{ date }}) as integer)
{%- endmacro %}

{#
Five-year class of an age: <20, 20-24 ... 65-69, 70+ (definitions, section 6).
#}
{% macro age_class(age) -%}
    case
        when {{ age }} < 20 then '<20'
        {%- for from_age in range(20, 70, 5) %}
        when {{ age }} < {{ from_age + 5 }} then '{{ from_age }}-{{ from_age + 4 }}'
        {%- endfor %}
        when {{ age }} >= 70 then '70+'
    end
{%- endmacro %}

{# One row per whole number from .. to, bounds included; none when to < from. For the select list. #}
{% macro integers_between(low, high) -%}
    {{ return(adapter.dispatch('integers_between')(low, high)) }}
{%- endmacro %}

{% macro duckdb__integers_between(low, high) -%}
    unnest(range({{ low }}, {{ high }} + 1))
{%- endmacro %}

{# One row per day from .. to, bounds included. For the select list. #}
{% macro dates_between(first, last) -%}
    {{ return(adapter.dispatch('dates_between')(first, last)) }}
{%- endmacro %}

{% macro duckdb__dates_between(first, last) -%}
    cast(unnest(generate_series({{ first }}, {{ last }}, interval 1 day)) as date)
{%- endmacro %}

{# 1 Monday ... 7 Sunday #}
{% macro iso_weekday(date) -%}
    {{ return(adapter.dispatch('iso_weekday')(date)) }}
{%- endmacro %}

{% macro duckdb__iso_weekday(date) -%}
    isodow({{ date }})
{%- endmacro %}

{# The same day so many months later, or the last day of a shorter month. #}
{% macro months_added(date, months) -%}
    {{ return(adapter.dispatch('months_added')(date, months)) }}
{%- endmacro %}

{% macro duckdb__months_added(date, months) -%}
    cast({{ date }} + to_months(cast({{ months }} as integer)) as date)
{%- endmacro %}

{# The same day so many years later (29 February: 28 February). #}
{% macro years_added(date, years) -%}
    {{ return(adapter.dispatch('years_added')(date, years)) }}
{%- endmacro %}

{% macro duckdb__years_added(date, years) -%}
    cast({{ date }} + to_years(cast({{ years }} as integer)) as date)
{%- endmacro %}

{# First day of a year, and last day of the month that lies so many months after that of a date. #}
{% macro year_start(year) -%}
    {{ return(adapter.dispatch('year_start')(year)) }}
{%- endmacro %}

{% macro duckdb__year_start(year) -%}
    make_date(cast({{ year }} as integer), 1, 1)
{%- endmacro %}

{% macro month_end(date, months=0) -%}
    {{ return(adapter.dispatch('month_end')(date, months)) }}
{%- endmacro %}

{% macro duckdb__month_end(date, months) -%}
    last_day(cast({{ date }} as date) + to_months(cast({{ months }} as integer)))
{%- endmacro %}

{# Months counted from year 0, so that a difference counts months. #}
{% macro month_number(date) -%}
    cast(extract(year from {{ date }}) * 12 + extract(month from {{ date }}) as integer)
{%- endmacro %}

{# The first year whose figures are published: history before it is not complete in the extracts. #}
{% macro first_year() -%}
    2018
{%- endmacro %}

{# The clock in Brussels at a moment that is stored in UTC. #}
{% macro brussels_time(utc) -%}
    {{ return(adapter.dispatch('brussels_time')(utc)) }}
{%- endmacro %}

{% macro duckdb__brussels_time(utc) -%}
    (({{ utc }} at time zone 'UTC') at time zone 'Europe/Brussels')
{%- endmacro %}

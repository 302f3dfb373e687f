{#
Yearly contribution of companies (law of 30 December 1992). `thresholds` and `due_dates` are aliases of rows of
law_company_thresholds and law_company_due_dates in force in the contribution year.
#}

{# Small or large, by the balance total of the year so many years back (ruling B13): no balance, small; in its first
   calendar years a company is small whatever the balance. created_date may be null. #}
{% macro company_size(thresholds, contribution_year, balance, created_date='null') -%}
    case
        when
            {{ contribution_year }}
            < extract(year from cast({{ created_date }} as date)) + {{ thresholds }}.small_calendar_years then 'small'
        when {{ balance }} > cast({{ thresholds }}.value as decimal(18, 2)) then 'large'
        else 'small'
    end
{%- endmacro %}

{# Last day to pay: that of the year, or the end of a month after creation where that is later. #}
{% macro company_due_date(due_dates, contribution_year, created_date='null') -%}
    greatest(
        make_date({{ contribution_year }}, {{ due_dates }}.due_month, {{ due_dates }}.due_day),
        {{ month_end(created_date, due_dates ~ '.value') }}
    )
{%- endmacro %}

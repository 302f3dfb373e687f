{#
Surcharges (majorations; RG arts 44 and 44bis, AR 38 art. 11bis, law of 30 December 1992 art. 93). `rules` is the alias of
a row of law_surcharges. Never compounded: always on the principal that is unpaid at the end of the day in question.
claimed_date is the due date of a provisional contribution (the quarter end), the date of the notice or settlement of a
starter or a regularisation, 31 December of the year for an unjustified reduction.
#}

{# Numbers of the last quarters at whose end a surcharge fell whose notice should have left: when the last release was
   built, and now. A notice leaves in the quarter after; until that is over nothing is missing. #}
{% macro last_noticed_quarters() -%}
    {%- set quarters -%}
        select
            {{ quarter_index('previous_as_of_date') }} - 2,
            {{ quarter_index('as_of_date') }} - 2
        from {{ source('raw', '_plan') }}
    {%- endset -%}
    {%- set found = run_query(quarters).rows[0] -%}
    {{ return((found[0], found[-1])) }}
{%- endmacro %}

{# The ledger for a model that asks for accounts whose surcharges are looked at again: on the first day of a quarter they
   are more than those compared with the law (int_contribution__accounts_resurcharged). #}
{% macro charges_resurcharged() -%}
    {%- set ledger, in_scope = ref('fct_charges_ledger'), charges_in_scope() -%}
    {%- if is_incremental_build() -%}
        {%- set last_before, last_now = last_noticed_quarters() -%}
        {{ return(in_scope if last_now == last_before else ledger) }}
    {%- endif -%}
    {{ return(ledger) }}
{%- endmacro %}

{# Number of the quarter at whose end the first quarterly surcharge falls. #}
{% macro first_surcharge_quarter(rules, claimed_date) -%}
    ({{ quarter_index(claimed_date) }} + {{ rules }}.first_quarters_after)
{%- endmacro %}

{# The year at whose end the yearly surcharge falls: that of the claim, the next one for a notice late in the year. #}
{% macro surcharge_year(rules, claimed_date) -%}
    cast(extract(year from {{ claimed_date }}) + case
        when extract(quarter from {{ claimed_date }}) >= {{ rules }}.next_year_from_quarter then 1 else 0
    end as integer)
{%- endmacro %}

{# Number of the last quarter that a quarterly surcharge may fall in: the one before summons or service of the writ, and
   before the settlement for an unjustified reduction; null without such a date. #}
{% macro last_surcharge_quarter(stop_date) -%}
    ({{ quarter_index(stop_date) }} - 1)
{%- endmacro %}

{# Calendar months of delay of a company, the month of `until` included: 0 up to the due date. #}
{% macro months_of_delay(due_date, until_date) -%}
    case
        when {{ until_date }} > {{ due_date }} then
            {{ month_number(until_date) }} - {{ month_number(days_added(due_date, 1)) }} + 1
        else 0
    end
{%- endmacro %}

{# The surcharge on an unpaid principal, to the cent; `times` for the months of a company. #}
{% macro surcharge_amount(unpaid, percentage, times=1) -%}
    {{ to_the_cent(unpaid, 'cast(' ~ percentage ~ ' * 0.01 as decimal(9, 6)) * ' ~ times) }}
{%- endmacro %}

{# The rule that a claim falls under, by its type (null: nothing that surcharges run on). #}
{% macro surcharge_kind(charge_type, is_starter) -%}
    case
        when {{ charge_type }} = 'company_contribution' then 'company'
        when {{ charge_type }} = 'regularisation' then 'regularisation'
        when {{ charge_type }} = 'provisional' and {{ is_starter }} then 'starter'
        when {{ charge_type }} = 'provisional' then 'provisional'
    end
{%- endmacro %}

{# claimed_date (see above) of a row of charges. #}
{% macro surcharge_claimed_date(claims, is_starter) -%}
    case
        when {{ claims }}.charge_type = 'regularisation' or {{ is_starter }} then {{ claims }}.issue_date
        else {{ claims }}.due_date
    end
{%- endmacro %}

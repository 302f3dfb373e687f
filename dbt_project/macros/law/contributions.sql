{#
Contributions of affiliates (definitions section 3, rulings B5-B11). Each macro is one rule on columns; `rules` is the alias
of a row of int_law__contribution_rules, which holds every threshold and rate of the quarter to the cent. Amounts are
EUR, per quarter, without management fee.
#}

{# Income of the reference year brought to the contribution year (B7). #}
{% macro revalued_income(income, coefficient) -%}
    {{ to_the_cent(income, coefficient) }}
{%- endmacro %}

{# Income of a year with fewer than four quarters of liability, brought to four (B10). #}
{% macro annualised_income(income, quarters) -%}
    cast(case
        when {{ quarters }} = 4 then {{ income }}
        else {{ quotient(income ~ ' * 4', quarters) }}
    end as decimal(18, 2))
{%- endmacro %}

{#
The part of an income that the rates apply to: 0 where nothing is due, raised to the floor, or less the free part of a
student. A starter's basis is taken as it is (B8: a student starter pays from the first euro).
#}
{% macro assessed_income(basis, rules, is_starter='false') -%}
    case
        when {{ is_starter }} then {{ basis }}
        when {{ basis }} < {{ rules }}.nothing_below_amount then 0
        when {{ basis }} >= {{ rules }}.as_main_from_amount then greatest({{ basis }}, {{ rules }}.main_floor_amount)
        else greatest({{ basis }}, coalesce({{ rules }}.floor_amount, 0)) - coalesce({{ rules }}.free_up_to_amount, 0)
    end
{%- endmacro %}

{# One quarter of the two bands of rates on an assessed income. The income is cut at the top of the second band before
   it is multiplied, so that the product stays in a machine word; without rules (spouse_mini, B11) at 0, because
   `least` passes over bands that are null, and the rates make it null. #}
{% macro contribution_of_bands(assessed, rules) -%}
    cast(round(
        cast(least({{ assessed }}, coalesce({{ rules }}.band1_amount, 0)) as decimal(9, 2)) * {{ rules }}.quarter_rate_1
        + cast(greatest(
            least({{ assessed }}, coalesce({{ rules }}.band2_amount, 0)) - coalesce({{ rules }}.band1_amount, 0), 0
        ) as decimal(9, 2)) * {{ rules }}.quarter_rate_2,
        2
    ) as decimal(14, 2))
{%- endmacro %}

{# What is taken off the first primo quarter (B9): only when the basis is below the minimum of a main occupation. #}
{% macro primo_discount(basis, rules, is_first_primo) -%}
    case
        when {{ is_first_primo }} and {{ basis }} < {{ rules }}.main_floor_amount
            then coalesce({{ rules }}.discount_amount, 0)
        else 0
    end
{%- endmacro %}

{# The contribution of one quarter. #}
{% macro quarterly_contribution(basis, rules, is_first_primo='false', is_starter='false') -%}
    greatest(
        {{ contribution_of_bands(assessed_income(basis, rules, is_starter), rules) }}
        - {{ primo_discount(basis, rules, is_first_primo) }},
        0
    )
{%- endmacro %}

{# The management fee on a rounded amount, rounded; the percentage may be null for none. #}
{% macro management_fee(amount, percentage) -%}
    cast(coalesce(round({{ amount }} * {{ percentage }} * 0.01, 2), 0) as decimal(14, 2))
{%- endmacro %}

{#
Exact arithmetic on money. Decimals are multiplied, never divided: an engine's division leaves decimals for floating
point. Rounding is half up, away from zero for what is negative.
#}

{# dividend / divisor, rounded to so many decimals; both are decimals of at most 6 places, the divisor above 0. #}
{% macro quotient(dividend, divisor, decimals=2) -%}
    {{ return(adapter.dispatch('quotient')(dividend, divisor, decimals)) }}
{%- endmacro %}

{% macro duckdb__quotient(dividend, divisor, decimals) -%}
    {%- set scale = '1' ~ '0' * 6 -%}
    {%- set top = 'cast(cast(abs(' ~ dividend ~ ') as decimal(30, 6)) * ' ~ scale ~ ' as hugeint) * 1' ~ '0' * decimals -%}
    {%- set bottom = 'cast(cast(' ~ divisor ~ ' as decimal(30, 6)) * ' ~ scale ~ ' as hugeint)' -%}
    (sign({{ dividend }}) * cast(
        (2 * {{ top }} + {{ bottom }}) // (2 * {{ bottom }}) as decimal(24, 0)
    ) * 0.{{ '0' * (decimals - 1) }}1)
{%- endmacro %}

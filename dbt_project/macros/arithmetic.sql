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

{#
Money times decimal factors (`a * b`, in SQL), to the cent. The product of two decimals of at most 18 digits may not have
more in DuckDB, and rounding a wider one costs fifty times as much (measured): only amounts from ten million on go that
way, which no factor of the law leads past 18 digits before.
#}
{% macro to_the_cent(amount, factors) -%}
    case
        when abs({{ amount }}) >= 10000000
            then cast(round(cast({{ amount }} as decimal(20, 2)) * {{ factors }}, 2) as decimal(18, 2))
        else cast(round({{ amount }} * {{ factors }}, 2) as decimal(18, 2))
    end
{%- endmacro %}

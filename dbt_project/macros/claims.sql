{#
Places of a claim within its year: the four quarters, Y for yearly amounts. Statistics on claims keep one row per account
and year with a column for each, because quarters of one account then need no grouping of their own.
#}
{% macro claim_quarters() -%}
    {{ return(['1', '2', '3', '4', 'Y']) }}
{%- endmacro %}

{# claimed_1 ... claimed_Y: the column of each place. #}
{% macro claim_columns(measure) -%}
    {%- set names = [] -%}
    {%- for quarter in claim_quarters() -%}
        {%- do names.append(measure ~ '_' ~ quarter | lower) -%}
    {%- endfor -%}
    {{ return(names) }}
{%- endmacro %}

{#
The amount, spread over the columns of the five places. Cast at once: what an engine adds up in 38 digits is several
times slower to store and read again than 18.
#}
{% macro amount_by_quarter(amount, quarter, measure) -%}
    {%- for place in claim_quarters() %}
    cast(sum({{ amount }}) filter (
        where {{ quarter ~ ' is null' if place == 'Y' else quarter ~ ' = ' ~ place }}
    ) as decimal(18, 2)) as {{ measure }}_{{ place | lower }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#
What a daily build carries on from the last release (docs/architecture.md). An aggregate whose cells are sums over
accounts is the last release's, less what the touched accounts gave it, plus what they give it now: exact, and as cheap
as the day's changes. Such an aggregate keeps a count of its rows, so that a cell that lost the last one disappears.
#}

{#
The cells of such an aggregate: `cells` is its query as text, with the word THE_LEDGER where it reads the charges;
`last` the relation of the last release; `keys` what tells cells apart; `sums` their figures and types, the count of
rows first.
#}
{% macro carried_cells(cells, last, keys, sums) -%}
    {#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
    {%- set before = cells | replace('THE_LEDGER', ref('int_contribution__charges_before')) -%}
    {%- set after = cells | replace('THE_LEDGER', charges_after()) -%}
    select
        {{ keys | join(',\n        ') }},
        {%- for name, type in sums.items() %}
        cast(sum({{ name }}) as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {%- if is_incremental_build() %}
        select {{ (keys + sums.keys() | list) | join(', ') }} from {{ last }} as last_cells
        union all
        select {{ keys | join(', ') }}, -{{ sums.keys() | join(', -') }} from ({{ before }}) as cells_before
        union all
        {%- endif %}
        select {{ (keys + sums.keys() | list) | join(', ') }} from ({{ after }}) as cells_after
    ) as cells
    group by {{ keys | join(', ') }}
    having sum({{ sums.keys() | first }}) <> 0
{%- endmacro %}

{# The ledger of the accounts in scope as it is: touched accounts in an incremental build, all in a full one. #}
{% macro charges_after() -%}
    (
        select * from {{ ref('fct_charges_ledger') }}
        where {{ only_touched('account_key', touched_by='account_key') }}
    )
{%- endmacro %}

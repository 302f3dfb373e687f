{#
Recovery carried on from the last release (docs/decisions/007-recovery-carried-on.md). What an account brings to cohorts,
ageing and roll rates changes when its ledger, its cases or its origin of affiliation do; those accounts are in
int_recovery__accounts_scoped. Tables of account grain in schema `carried` have their rows replaced; cells are those of the
last release, less what the scoped accounts were, plus what they are.
#}
{% macro only_scoped(column) -%}
    {{ return(only_touched(column, 'int_recovery__accounts_scoped')) }}
{%- endmacro %}

{# The same for a column of account numbers. #}
{% macro only_scoped_keys(column) -%}
    {{ return(only_touched(column, 'int_recovery__accounts_scoped', 'account_key')) }}
{%- endmacro %}

{# True when the last release knew the same quarter ends: cells of closed quarters can then be carried on. #}
{% macro is_same_quarter() -%}
    {%- set plan = source('raw', '_plan') -%}
    {%- if is_incremental_build() -%}
        {{ return(run_query(
            'select ' ~ last_closed_quarter('previous_as_of_date') ~ ' = ' ~ last_closed_quarter('as_of_date')
            ~ ' from ' ~ plan
        ).rows[0][0]) }}
    {%- else -%}
        {{ return(false) }}
    {%- endif -%}
{%- endmacro %}

{# Cells that add up: the last ones, less `before`, plus `after`; cells without anything left are gone. #}
{% macro cells_carried(last, before, after, keys, measures) -%}
    select
        {{ keys | join(',\n        ') }},
        {% for name, type in measures.items() -%}
        cast(sum({{ name }}) as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select {{ (keys + measures.keys() | list) | join(', ') }} from {{ last }}
        union all
        select {{ (keys + measures.keys() | list) | join(', ') }} from {{ after }}
        union all
        select {{ keys | join(', ') }}, -{{ measures.keys() | join(', -') }} from {{ before }}
    ) as entries
    group by {{ keys | join(', ') }}
    having {% for name in measures %}sum({{ name }}) <> 0{{ ' or ' if not loop.last }}{% endfor %}
{%- endmacro %}

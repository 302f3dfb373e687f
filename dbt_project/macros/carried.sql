{#
What a daily build carries on from the last release (docs/architecture.md). An aggregate whose cells are sums over
accounts is the last release's, less what the touched accounts gave it, plus what they give it now: exact, and as cheap
as the day's changes. Such an aggregate keeps a count of its rows, so that a cell that lost the last one disappears.
#}

{# A table of the last release, from which an incremental build started; it still holds the last state as long as the
   model that asks is built before the table (say so there: depends_on). #}
{% macro last_release(schema, table) -%}
    {{ return(adapter.get_relation(target.database, schema, table)) }}
{%- endmacro %}

{# The rows of a query that only an incremental build asks; a full one has the same columns (name: type) and no row. #}
{% macro in_incremental(query, columns) -%}
    {%- if is_incremental_build() -%}
{{ query }}
    {%- else -%}
select
    {%- for name, type in columns.items() %}
    cast(null as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
from {{ source('raw', '_plan') }}
where false
    {%- endif -%}
{%- endmacro %}

{# True when the last release knew the same quarter ends: at the end of a quarter everybody is counted once more. #}
{% macro is_same_quarter() -%}
    {%- set same_quarter -%}
        select {{ last_quarter_index('previous_as_of_date') }} = {{ last_quarter_index('as_of_date') }}
        from {{ source('raw', '_plan') }}
    {%- endset -%}
    {{ return(is_incremental_build() and run_query(same_quarter).rows[0][0]) }}
{%- endmacro %}

{# Cells that add up: those of the `last` release, less `before`, plus `after` (in a full build `after` alone); `keys`
   tell them apart, `sums` are their figures and types. A cell without anything left is gone. #}
{% macro cells_carried(last, before, after, keys, sums) -%}
    select
        {{ keys | join(',\n        ') }},
        {%- for name, type in sums.items() %}
        cast(sum({{ name }}) as {{ type }}) as {{ name }}{{ ',' if not loop.last }}
        {%- endfor %}
    from (
        {%- if is_incremental_build() %}
        select {{ (keys + sums.keys() | list) | join(', ') }} from {{ last }} as last_cells
        union all
        select {{ keys | join(', ') }}, -{{ sums.keys() | join(', -') }} from {{ before }} as cells_before
        union all
        {%- endif %}
        select {{ (keys + sums.keys() | list) | join(', ') }} from {{ after }} as cells_after
    ) as cells
    group by {{ keys | join(', ') }}
    having {% for name in sums %}sum({{ name }}) <> 0{{ ' or ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# The same where the cells are those of the ledger: `cells` is the query as text, with the word THE_LEDGER where it
   reads the charges; `words` gives what other words stand for before and after. #}
{% macro ledger_cells_carried(cells, last, keys, sums, words={}) -%}
    {#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
    {%- set sides = [
        cells | replace('THE_LEDGER', ref('int_contribution__charges_before')),
        cells | replace('THE_LEDGER', charges_after())
    ] -%}
    {%- for word, (before, after) in words.items() -%}
        {%- do sides.insert(0, sides.pop(0) | replace(word, before)) -%}
        {%- do sides.append(sides.pop() | replace(word, after)) -%}
    {%- endfor -%}
    {{ cells_carried(last, '(' ~ sides[0] ~ ')', '(' ~ sides[1] ~ ')', keys, sums) }}
{%- endmacro %}

{# The ledger as it is, of the touched accounts in an incremental build. #}
{% macro charges_after() -%}
    {#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
    {%- set ledger, after = ref('fct_charges_ledger'), ref('int_contribution__charges_after') -%}
    {{ return(after if is_incremental_build() else ledger) }}
{%- endmacro %}

{# The ledger as it is, for a model that asks for accounts touched, scoped or reassessed only: in an incremental build
   no rows of others are there to be read. #}
{% macro charges_in_scope() -%}
    {#- Named outside the condition, for dbt to see the dependencies when it parses. -#}
    {%- set ledger, in_scope = ref('fct_charges_ledger'), ref('int_contribution__charges_in_scope') -%}
    {{ return(in_scope if is_incremental_build() else ledger) }}
{%- endmacro %}

{# Of `charges` (the ledger, or a part of it) those of some `accounts`; only a daily build asks for any. #}
{% macro charges_of(charges, accounts) -%}
    {%- set columns = charges_ledger_columns() -%}
    {%- set query -%}
select {{ columns.keys() | join(', ') }}
from {{ charges }}
where account_key in (select accounts.account_key from {{ accounts }} as accounts)
    {%- endset -%}
{{ in_incremental(query, columns) }}
{%- endmacro %}

{# Columns of the charges ledger, by their names. #}
{% macro charges_ledger_columns() -%}
    {{ return({
        'charge_number': 'bigint',
        'account_key': 'integer',
        'claim_code': 'ubigint',
        'related_charge_number': 'bigint',
        'charge_type': code_type('charge_type'),
        'contribution_year': 'integer',
        'contribution_quarter': 'integer',
        'category': code_type('category'),
        'nature': code_type('nature'),
        'issue_date': 'date',
        'due_date': 'date',
        'gross_amount': 'decimal(18, 2)',
        'cancelled_amount': 'decimal(18, 2)',
        'relief_amount': 'decimal(18, 2)',
        'net_amount': 'decimal(18, 2)',
        'collected_amount': 'decimal(18, 2)',
        'credited_amount': 'decimal(18, 2)',
        'outstanding_amount': 'decimal(18, 2)',
        'collected_on_time_amount': 'decimal(18, 2)',
        'settled_date': 'date',
        'collected_in_issue_year_amount': 'decimal(18, 2)',
        'outstanding_at_issue_year_end_amount': 'decimal(18, 2)'
    }) }}
{%- endmacro %}

{#
Rows of an extract that are judged one by one (in time, accepted, corrected) and counted: the statistics of a promise. A
daily build looks only at those whose judgement may have moved, as they were at the last release (_change: before) and as
they are (after), and carries the counts on: macros/commitments.sql.
#}

{#
The rows to look at again: changed by a delta, dated between the two as-of dates (`dates`: the columns a judgement compares
with the as-of date), or of an account that another office manages now. `also` is the SQL of further keys. In a full build:
all rows, as they are.
#}
{% macro rows_rejudged(extract, columns, dates, also=none) -%}
{%- set delivered, changes = ref('stg_' ~ extract), ref('stg_' ~ extract ~ '__changes') -%}
{%- set moved = ref('int_service__accounts_moved') -%}
{%- set key = columns[0] -%}
{%- if is_incremental_build() -%}
with unchanged as (
    select {{ columns | join(', ') }} from {{ delivered }}
    where {{ key }} not in (select changes.{{ key }} from {{ changes }} as changes)
),

moving as (
    select * from unchanged
    where
        {%- for day in dates %}
        {{ 'or ' if not loop.first }}{{ day }} between {{ previous_as_of_date() }} and {{ as_of_date() }}
        {%- endfor %}
    union
    select * from unchanged
    where account_id in (select moved.account_id from {{ moved }} as moved)
    {%- if also %}
    union
    select * from unchanged
    where {{ key }} in ({{ also }})
    {%- endif %}
)

select {{ columns | join(', ') }}, _change from {{ changes }}
union all
select *, 'before' as _change from moving
union all
select *, 'after' as _change from moving
{%- else -%}
select
    {{ columns | join(',\n    ') }},
    'after' as _change
from {{ delivered }}
{%- endif -%}
{%- endmacro %}

{# The two sides of what a query says of such rows: the query as text, with THE_ROWS where it reads them and THE_DATE for
   the as-of date; `when` is before or after. #}
{% macro said_of_rows(query, rows, when) -%}
    {%- set side = "(select * from " ~ rows ~ " where _change = '" ~ when ~ "') as rows_" ~ when -%}
    {%- set day = as_of_date() if when == 'after' else previous_as_of_date() -%}
    {{ return(query | replace('THE_ROWS', side) | replace('THE_DATE', day)) }}
{%- endmacro %}

{# Few rows in a daily build, which several models read: a table. All of them in a full one: a view, for a country has 20
   million messages, and writing them once more costs more than reading them again. #}
{% materialization rejudged, adapter='duckdb' %}
    {%- set kind = 'table' if is_incremental_build() else 'view' -%}
    {%- set target_relation = this.incorporate(type=kind) -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%}
        create or replace {{ kind }} {{ target_relation }} as ({{ sql }})
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {%- do adapter.commit() -%}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}

{#
The public service commitment, measured (definitions and rulings, section E). An indicator is one model with the tag
`commitment` and a declaration in its YAML (meta: section, extracts, measures); nothing lists the indicators but these
files themselves. The model says what its items are, one row each; the macros below judge them, count them and bring all
indicators together.
#}

{# The models that carry a tag, by name. Their order of building is known from meta `gathers` (orchestration/manifest). #}
{% macro tagged_models(tag) -%}
    {%- set found = [] -%}
    {%- for node in graph.get('nodes', {}).values() if node.resource_type == 'model' and tag in node.config.tags -%}
        {%- do found.append(node) -%}
    {%- endfor -%}
    {{ return(found | sort(attribute='name')) }}
{%- endmacro %}

{# Every measure of every indicator: its own declaration and what its indicator says for all of them. #}
{% macro commitment_measures() -%}
    {%- set found = [] -%}
    {%- if execute -%}
    {%- for node in tagged_models('commitment') -%}
        {%- for measure in node.config.meta.measures -%}
            {%- do found.append(dict(
                node.config.meta, is_rejudged='rejudged' in node.config.tags, model=node.name, **measure
            )) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- endif -%}
    {{ return(found | sort(attribute='code')) }}
{%- endmacro %}

{# What is promised and cannot be measured yet, with the reason: meta `not_measured` of the model that shows it. #}
{% macro commitments_not_measured() -%}
    {%- set found = [] -%}
    {%- for node in graph.get('nodes', {}).values() if node.resource_type == 'model' -%}
        {%- do found.extend(node.config.meta.get('not_measured', [])) -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#
From items to tallies: the end of every indicator's SQL.

`items` names a relation with one row per item:
    code            measure it counts for
    item_key        key of the item in its extract; empty when items that missed are not to be listed
    account_id      whose file it is; its office of today counts (ruling E4)
    quarter_date    a day of the quarter it counts in
    started_date, deadline_date, done_date
and, when named in `more`:
    is_right        what must hold besides the deadline (an empty flag counts as no)
    counted_until_date  last day that still counts, where it is after the deadline (ruling E2 counts working days, so
                    what is done on a Sunday after the last of them took no more of them)
    duration_days   duration whose median is shown
    days_over       days past the limit, where no deadline says it
    breakdown_code  what its figures are shown by (a code of the list that the YAML names)
    amount          EUR at stake
    weight          how many it counts for, where an item stands for several (rows of a delivery)
    office_code     its office, where items were counted together by it and have no account

An item is met when it is right and was done by its deadline (ruling E1). What is dated after the as-of date is not done
yet; what is not done and may still be done in time is left out. Items that are met are counted per quarter, office,
breakdown and duration, items that missed keep their key: one pass, a small result, and sums that a later build can carry
on.

With `rows` (a relation of rows_rejudged) `items` is the query as text, with THE_ROWS where it reads them and THE_DATE for
the as-of date; a daily build then says what came and, with a minus, what went since the last release. The indicator has
the tag `rejudged`.
#}
{% macro commitment_tallies(items, more=[], rows=none) -%}
{%- if rows is none -%}
{{ tallies_as_of(items, more, as_of_date(), 'office_code') }}
{%- else -%}
{{ tallies_as_of('(' ~ said_of_rows(items, rows, 'after') ~ ')', more, as_of_date(), 'office_code') }}
{%- if is_incremental_build() %}
union all
select * replace (-tallies.items as items, -tallies.amount as amount)
from (
    {{ tallies_as_of(
        '(' ~ said_of_rows(items, rows, 'before') ~ ')', more, previous_as_of_date(), 'previous_office_code'
    ) }}
) as tallies
{%- endif -%}
{%- endif -%}
{%- endmacro %}

{# The tallies of items at a date; `office` is the column of the account's office then. #}
{% macro tallies_as_of(items, more, as_of, office) -%}
{%- set done = 'case when items.done_date <= ' ~ as_of ~ ' then items.done_date end' -%}
select
    judged.code,
    {{ quarter_index_text('judged.quarter') }} as quarter,
    judged.office_code,
    cast(judged.breakdown_code as varchar) as breakdown_code,
    judged.is_met,
    cast(judged.duration_days as integer) as duration_days,
    cast({{ 'sum(judged.weight)' if 'weight' in more else 'count(*)' }} as bigint) as items,
    cast(sum(judged.amount) as decimal(18, 2)) as amount,
    judged.item_key,
    judged.account_id,
    judged.started_date,
    judged.deadline_date,
    judged.done_date,
    cast(judged.days_over as integer) as days_over
from (
    select
        code,
        quarter,
        office_code,
        breakdown_code,
        is_met,
        duration_days,
        amount,
        {{ 'weight,' if 'weight' in more }}
        {% for column in ['item_key', 'account_id', 'started_date', 'deadline_date', 'done_date'] -%}
        case when not is_met and item_key is not null then {{ column }} end as {{ column }},
        {% endfor -%}
        case when not is_met and item_key is not null then days_over end as days_over
    from (
        select
            items.code,
            {{ quarter_index('items.quarter_date') }} as quarter,
            {{ 'items.office_code' if 'office_code' in more else 'accounts.' ~ office }} as office_code,
            {{ 'items.breakdown_code' if 'breakdown_code' in more else 'cast(null as varchar)' }} as breakdown_code,
            {{ 'items.days_over' if 'days_over' in more else 'cast(null as integer)' }} as days_over,
            {{ 'coalesce(items.is_right, false) and ' if 'is_right' in more -}}
            (
                items.deadline_date is null
                or coalesce(({{ done }}) <= {{
                    'coalesce(items.counted_until_date, items.deadline_date)'
                    if 'counted_until_date' in more else 'items.deadline_date'
                }}, false)
            ) as is_met,
            {{ 'case when items.done_date <= ' ~ as_of ~ ' then items.duration_days end'
                if 'duration_days' in more else 'cast(null as integer)' }} as duration_days,
            {{ 'items.amount' if 'amount' in more else 'cast(null as decimal(18, 2))' }} as amount,
            {{ 'items.weight,' if 'weight' in more }}
            cast(items.item_key as varchar) as item_key,
            items.account_id,
            cast(items.started_date as date) as started_date,
            cast(items.deadline_date as date) as deadline_date,
            cast({{ done }} as date) as done_date
        from {{ items }} as items
        {% if 'office_code' not in more -%}
        left join {{ ref('int_service__accounts_managed') }} as accounts on items.account_id = accounts.account_id
        {%- endif %}
        where
            items.quarter_date is not null
            -- Not due and not done: nobody can say yet (ruling E1).
            and not (
                items.deadline_date is not null
                and items.deadline_date >= {{ as_of }}
                and ({{ done }}) is null
            )
    ) as described
) as judged
group by all
{%- endmacro %}

{# The columns of tallies without a row: what a gathering of no indicator looks like (lint sees it so). #}
{% macro no_tallies() -%}
    select
        cast(null as varchar) as code,
        cast(null as varchar) as quarter
    where false
{%- endmacro %}

{# A text as SQL writes it, or null. #}
{% macro sql_text(value) -%}
    {%- if value is none -%} null {%- else -%} '{{ value | string | replace("'", "''") }}' {%- endif -%}
{%- endmacro %}

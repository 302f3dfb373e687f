{#- Tallies of all indicators. A daily build has those of the tag `rejudged` as what came and what went since the last
    release, the others whole. -#}
{%- set last = last_release('carried', 'commitment_tallies') -%}
{%- set rejudged = commitment_measures() | selectattr('is_rejudged') | map(attribute='code') -%}
{%- set keys = [
    'code',
    'quarter',
    'office_code',
    'breakdown_code',
    'is_met',
    'duration_days',
    'item_key',
    'account_id',
    'started_date',
    'deadline_date',
    'done_date',
    'days_over'
] -%}
with gathered as (
    {% for indicator in tagged_models('commitment') %}
    select * from {{ api.Relation.create(
        database=indicator.database, schema=indicator.schema, identifier=indicator.alias
    ) }}
    {{ 'union all by name' if not loop.last }}
    {% else %}
    {{ no_tallies() }}
    {% endfor %}
),

{% if is_incremental_build() -%}
everything as (
    select * from gathered
    union all by name
    select * from {{ last }}
    where code in ('{{ rejudged | join("', '") }}')
),

tallies as (
    select
        {{ keys | join(',\n        ') }},
        sum(items) as items,
        sum(amount) as amount
    from everything
    group by {{ keys | join(', ') }}
    having sum(items) <> 0
)
{%- else -%}
tallies as (
    select * from gathered
)
{%- endif %}

select
    code,
    quarter,
    office_code,
    breakdown_code,
    is_met,
    duration_days,
    cast(items as bigint) as items,
    cast(amount as decimal(18, 2)) as amount,
    item_key,
    account_id,
    started_date,
    deadline_date,
    done_date,
    days_over
from tallies

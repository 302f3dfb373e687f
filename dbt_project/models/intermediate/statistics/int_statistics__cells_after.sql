{#- Slices share no account: their cells add up, and the largest contributions of a cell are among those of its
    slices. -#}
{%- set keys = claim_keys() + ['column_name'] -%}
with leaders as (
    select
        {{ keys | join(',\n        ') }},
        unnest(leaders) as leader
    from {{ ref('int_statistics__cells_sliced') }}
),

lists as (
    select
        {{ keys | join(',\n        ') }},
        {{ largest('leader', leaders_kept(), 'true') }} as leaders
    from leaders
    group by all
),

sums as (
    select
        {{ keys | join(',\n        ') }},
        cast(sum(amount) as decimal(18, 2)) as amount,
        cast(sum(contributors) as bigint) as contributors
    from {{ ref('int_statistics__cells_sliced') }}
    group by all
)

select
    {% for name in keys -%}
    sums.{{ name }},
    {% endfor -%}
    sums.amount,
    sums.contributors,
    lists.leaders
from sums
inner join lists on {{ is_same('sums', 'lists', keys) }}

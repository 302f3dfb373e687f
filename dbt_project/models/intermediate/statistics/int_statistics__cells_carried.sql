{#-
The cells of the last release, less what the touched accounts were, plus what they are. Sums and contributors add up.
Of the largest contributions a cell keeps the first sixteen: the touched accounts' old ones are taken out of that list
(equal amounts are interchangeable, so amounts suffice), their new ones put in where they reach the list. A list that
does not hold all contributors says nothing below its last amount, so nothing below it is put in; one that has become
too short to know the first two marks its cell as not known, and the table is then computed anew.
-#}
{%- set after = ref('int_statistics__cells_after') -%}
{%- set before = ref('int_statistics__cells_before') -%}
{%- set last_cells = last_release('carried', 'stat_t08_cells') -%}
{%- set keys = claim_keys() + ['column_name'] -%}
{%- if is_incremental_build() -%}
with entries as (
    select
        *,
        'last' as side
    from {{ last_cells }}
    union all
    select
        *,
        'before' as side
    from {{ before }}
    union all
    select
        *,
        'after' as side
    from {{ after }}
),

numbered as (
    select
        *,
        dense_rank() over (order by {{ keys | join(', ') }}) as cell_number
    from entries
),

sums as (
    select
        cell_number,
        {% for name in keys -%}
        {{ 'bool_or' if name == 'has_one_nature' else 'max' }}({{ name }}) as {{ name }},
        {% endfor -%}
        sum(case when side = 'before' then -amount else amount end) as amount,
        sum(case when side = 'before' then -contributors else contributors end) as contributors,
        coalesce(sum(contributors) filter (where side = 'last'), 0) as last_contributors,
        coalesce(max(len(leaders)) filter (where side = 'last'), 0) as last_kept,
        min(leaders[-1]) filter (where side = 'last') as last_smallest
    from numbered
    group by cell_number
),

leaders as (
    select
        cell_number,
        side,
        unnest(leaders) as leader
    from numbered
),

-- The same amount may stand several times: the first of the touched takes out the first of the list, and so on.
counted as (
    select
        cell_number,
        leader,
        count(*) filter (where side = 'last') as in_last,
        count(*) filter (where side = 'before') as in_before,
        count(*) filter (where side = 'after') as in_after
    from leaders
    group by cell_number, leader
),

kept as (
    select
        counted.cell_number,
        counted.leader,
        counted.in_last - least(counted.in_last, counted.in_before)
        + case
            when sums.last_kept = sums.last_contributors or counted.leader >= sums.last_smallest
                then counted.in_after
            else 0
        end as times
    from counted
    inner join sums on counted.cell_number = sums.cell_number
),

repeated as (
    select
        cell_number,
        leader,
        unnest(range(times)) as repetition
    from kept
    where times > 0
),

lists as (
    select
        cell_number,
        {{ largest('leader', leaders_kept()) }} as leaders
    from repeated
    group by cell_number
)

select
    {% for name in keys -%}
    sums.{{ name }},
    {% endfor -%}
    cast(sums.amount as decimal(18, 2)) as amount,
    cast(sums.contributors as bigint) as contributors,
    cast(lists.leaders as decimal(18, 2)[]) as leaders,
    coalesce(len(lists.leaders), 0) >= least(sums.contributors, 2) as is_known
from sums
left join lists on sums.cell_number = lists.cell_number
where sums.contributors > 0
{%- else -%}
select
    {{ keys | join(',\n    ') }},
    amount,
    contributors,
    leaders,
    true as is_known
from {{ after }}
{%- endif %}

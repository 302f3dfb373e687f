{#
Rows of one key follow each other in time: no period ends before it starts, none overlaps the next, none leaves a gap.
An open end is the last one.
#}
{% test periods_follow_each_other(model, key) %}
with followed as (
    select
        *,
        lead(valid_from) over (
            {{ 'partition by ' ~ key | join(', ') if key }}
            order by valid_from
        ) as next_from
    from {{ model }}
)

select *
from followed
where
    valid_to < valid_from
    or (next_from is not null and (valid_to is null or next_from <> valid_to + 1))
{% endtest %}

-- A stay is a chain of counted periods of a person in which each starts no later than the day after the latest end so
-- far (T05 of statistics-tables.md): the days it covers have no gap, and two stays of a person never touch.
with periods as (
    select
        person_key,
        affiliation_id,
        start_date,
        coalesce(end_date, date '9999-12-31') as end_date
    from {{ ref('fct_affiliation_periods') }}
    where is_counted
),

preceded as (
    select
        *,
        max(end_date) over (
            partition by person_key
            order by start_date, affiliation_id
            rows between unbounded preceding and 1 preceding
        ) as latest_end_before
    from periods
),

numbered as (
    select
        *,
        count(*) filter (where latest_end_before is null or start_date > latest_end_before + 1) over (
            partition by person_key
            order by start_date, affiliation_id
            rows unbounded preceding
        ) as stay_number
    from preceded
)

select
    person_key,
    arg_min(affiliation_id, (start_date, affiliation_id)) as first_affiliation_id,
    arg_max(affiliation_id, (end_date, affiliation_id)) as last_affiliation_id,
    min(start_date) as start_date,
    nullif(max(end_date), date '9999-12-31') as end_date
from numbered
group by person_key, stay_number

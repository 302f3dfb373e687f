-- S6: of several periods of a person that cover a day the first by (order of categories, affiliation_id) is the
-- counting period. Here are the others, with the days on which they give way.
with periods as (
    select
        periods.person_key,
        periods.affiliation_id,
        categories.rank as category_rank,
        periods.start_date,
        coalesce(periods.end_date, date '9999-12-31') as end_date
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_category') }} as categories on periods.category = categories.category
    where periods.is_counted
)

select
    periods.affiliation_id,
    greatest(periods.start_date, counting.start_date) as from_date,
    least(periods.end_date, counting.end_date) as to_date
from periods
inner join periods as counting
    on
        periods.person_key = counting.person_key
        and periods.start_date <= counting.end_date
        and periods.end_date >= counting.start_date
where (counting.category_rank, counting.affiliation_id) < (periods.category_rank, periods.affiliation_id)

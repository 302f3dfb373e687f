-- A company joins a fund within three months of its creation. One that comes from another fund joined that one first.
with companies as (
    select
        *,
        {{ months_added('incorporated_date', 3) }} as latest_date
    from {{ ref('stg_companies') }}
    where origin <> 'transfer_in'
),

judged as (
    select
        {{ quarter_text('latest_date') }} as quarter,
        origin,
        affiliated_date <= latest_date as is_in_time,
        datediff('day', incorporated_date, affiliated_date) as joining_days
    from companies
    where affiliated_date <= {{ as_of_date() }}
)

select
    quarter,
    origin,
    cast(count(*) as bigint) as companies,
    cast(count(*) filter (where is_in_time) as bigint) as companies_in_time,
    cast(count(*) filter (where is_in_time) / count(*) as double) as in_time_rate,
    cast(median(joining_days) as double) as median_days
from judged
group by quarter, origin

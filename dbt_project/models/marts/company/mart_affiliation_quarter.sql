-- A company joins a fund within three months of its creation. One that comes from another fund joined that one first.
with companies as (
    select
        *,
        months_added(incorporated_date, 3) as latest_date
    from {{ ref('stg_companies') }}
    where origin <> 'transfer_in' and affiliated_date <= as_of_date()
)

select
    quarter_text(latest_date) as quarter,
    origin,
    count(*) as companies,
    count(*) filter (where affiliated_date <= latest_date) as companies_in_time,
    count(*) filter (where affiliated_date <= latest_date) / count(*) as in_time_rate,
    cast(median(datediff('day', incorporated_date, affiliated_date)) as double) as median_days
from companies
group by all

-- Days up to the end of the list of holidays, each with the working days up to it: a difference of two is a count. The
-- list begins in 1970; before it Monday to Friday count, so that what is wrongly dated 1925 is late and not forgotten.
with span as (
    select max(holiday_date) as last_day
    from {{ ref('law_public_holidays') }}
),

days as (
    select cast(unnest(generate_series(date '1800-01-01', last_day, interval 1 day)) as date) as calendar_date
    from span
),

judged as (
    select
        days.calendar_date,
        isodow(days.calendar_date) < 6 and holidays.holiday_date is null as is_working_day
    from days
    left join {{ ref('law_public_holidays') }} as holidays on days.calendar_date = holidays.holiday_date
)

select
    calendar_date,
    is_working_day,
    cast(
        sum(case when is_working_day then 1 else 0 end) over (
            order by calendar_date
            rows between unbounded preceding and current row
        ) as integer
    ) as working_days_to_date
from judged

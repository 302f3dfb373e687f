-- D3: the stock between two periods is who is covered on the last day of the one and on the first day of the next,
-- once, with the sex that the counting period says on the earlier of the two days (T04 of statistics-tables.md). A stay
-- has no gap: on each of its days but the last, the person is covered on the next day too.
with periods as (
    select
        periods.affiliation_id,
        affiliates.sex,
        greatest(periods.start_date, make_date(first_year() - 1, 12, 31)) as from_date,
        least(periods.end_date, stays.end_date - 1, as_of_date()) as to_date
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
    inner join {{ ref('int_population__stays') }} as stays
        on
            periods.person_key = stays.person_key
            and periods.start_date >= stays.start_date
            and periods.start_date <= coalesce(stays.end_date, date '9999-12-31')
    where periods.is_counted
),

-- The months whose last day lies in a span of days; a month is numbered 12 x year + month.
counted as (
    select
        affiliation_id,
        sex,
        unnest(range(month_number(from_date), month_number(to_date + 1))) as month_no
    from periods
),

giving_way as (
    select
        affiliation_id,
        month_number(from_date) as from_month,
        month_number(to_date + 1) as before_month
    from {{ ref('int_population__periods_giving_way') }}
),

stocks as (
    select
        counted.month_no,
        counted.sex,
        count(*) as persons
    from counted
    left join giving_way
        on
            counted.affiliation_id = giving_way.affiliation_id
            and counted.month_no >= giving_way.from_month
            and counted.month_no < giving_way.before_month
    where giving_way.affiliation_id is null
    group by counted.month_no, counted.sex
)

select
    last_day(make_date((month_no - 1) // 12, (month_no - 1) % 12 + 1, 1)) as last_day,
    sex,
    persons
from stocks

-- T16 of statistics-tables.md. What each contributor brings to each cell first, then the cells: a row a measure.
with items as (
    select
        *,
        unnest([  -- noqa: AL03
            {
                'frequency': 'year',
                'ref_period': year_text(item_date),
                'last_day': make_date(year(item_date), 12, 31)
            },
            {
                'frequency': 'quarter',
                'ref_period': quarter_text(item_date),
                'last_day': quarter_end(item_date)
            },
            {
                'frequency': 'month',
                'ref_period': month_text(item_date),
                'last_day': last_day(item_date)
            }
        ], recursive := true)
    from {{ ref('int_statistics__service_items') }}
),

ended as (
    select *
    from items
    where last_day <= as_of_date()
),

by_contributor as (
    -- T16.1 YQM: service!
    select
        ref_period,
        service,
        contributor,
        count(*) as items,
        count(*) filter (where is_judged) as judged_items,
        count(*) filter (where is_in_time) as in_time_items,
        count(days) as done_items,
        sum(days) as days
    from ended
    group by ref_period, service, contributor
    union all by name
    -- T16.2 YQ: service! office (without office: T16.1)
    select
        ref_period,
        service,
        office,
        contributor,
        count(*) as items,
        count(*) filter (where is_judged) as judged_items,
        count(*) filter (where is_in_time) as in_time_items
    from ended
    where frequency in ('year', 'quarter')
    group by ref_period, service, office, contributor
    union all by name
    -- T16.3 YQ: service! channel (without channel: T16.1)
    select
        ref_period,
        service,
        channel,
        contributor,
        count(*) as items,
        count(*) filter (where is_judged) as judged_items,
        count(*) filter (where is_in_time) as in_time_items
    from ended
    where frequency in ('year', 'quarter') and channel is not null
    group by ref_period, service, channel, contributor
    union all by name
    -- T16.4 Y: service! topic outcome (without both: T16.1)
    select
        ref_period,
        service,
        topic,
        outcome,
        contributor,
        count(*) as items
    from ended
    where frequency = 'year' and topic is not null
    group by ref_period, service, contributor, grouping sets ((topic, outcome), (topic), (outcome))
),

cells as (
    select
        ref_period,
        service,
        topic,
        channel,
        outcome,
        office,
        -- A ratio has the contributors of its denominator.
        unnest([  -- noqa: AL03
            {
                'measure': 'items',
                'obs_value': cast(sum(items) as decimal(24, 6)),
                'contributors': count(nullif(items, 0)),
                'largest': max(nullif(items, 0), 2)
            },
            {
                'measure': 'judged_items',
                'obs_value': cast(sum(judged_items) as decimal(24, 6)),
                'contributors': count(nullif(judged_items, 0)),
                'largest': max(nullif(judged_items, 0), 2)
            },
            {
                'measure': 'in_time_items',
                'obs_value': cast(sum(in_time_items) as decimal(24, 6)),
                'contributors': count(nullif(in_time_items, 0)),
                'largest': max(nullif(in_time_items, 0), 2)
            },
            {
                'measure': 'in_time_pct',
                'obs_value': cast(100 * sum(in_time_items) / nullif(sum(judged_items), 0) as decimal(24, 6)),
                'contributors': count(nullif(judged_items, 0)),
                'largest': null
            },
            {
                'measure': 'mean_days',
                'obs_value': cast(sum(days) / nullif(sum(done_items), 0) as decimal(24, 6)),
                'contributors': count(nullif(done_items, 0)),
                'largest': null
            }
        ], recursive := true)
    from by_contributor
    group by ref_period, service, topic, channel, outcome, office
),

-- The base of the median is that of the mean: a median is taken of the items themselves.
medians as (
    select
        ref_period,
        service,
        cast(median(cast(days as decimal(18, 6))) as decimal(24, 6)) as median_days
    from ended
    where days is not null
    group by ref_period, service
),

shown as (
    select *
    from cells
    -- A cell leaves out what its block does not measure, and a ratio without a denominator.
    where obs_value is not null
    union all by name
    select cells.* replace ('median_days' as measure, medians.median_days as obs_value)
    from cells
    inner join medians on cells.ref_period = medians.ref_period and cells.service = medians.service
    where cells.measure = 'mean_days' and cells.obs_value is not null
)

select
    ref_period,
    service,
    coalesce(topic, '_T') as topic,
    coalesce(channel, '_T') as channel,
    coalesce(outcome, '_T') as outcome,
    coalesce(office, '_T') as office,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from shown

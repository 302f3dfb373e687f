-- T15 of statistics-tables.md. What each account brings to each cell first, then the cells: a row a measure.
-- Kept: the grouping sets below would compute it for each of them.
with ended as materialized (
    select *
    from (
        select
            *,
            unnest([  -- noqa: AL03
                {
                    'ref_period': year_text(record_date),
                    'last_day': make_date(year(record_date), 12, 31)
                },
                {
                    'ref_period': quarter_text(record_date),
                    'last_day': quarter_end(record_date)
                }
            ], recursive := true)
        from {{ ref('fct_records') }}
    ) as periods
    where last_day <= as_of_date()
),

by_account as (
    select
        ref_period,
        record_kind,
        record_type,
        record_status,
        mutuality_union,
        account_id,
        count(*) as records,
        -- What the block of the cell does not measure stays empty.
        case when grouping(mutuality_union) = 1 and record_kind = 'insurance_request' then sum(quarters) end
            as quarters,
        case when grouping(record_status) = 1 then count(*) filter (where is_done) end as done_records,
        case when grouping(record_status) = 1 then count(*) filter (where is_judged) end as judged_records,
        case when grouping(record_status) = 1 then count(*) filter (where is_judged and is_in_time) end
            as in_time_records,
        sum(done_date - deadline_date) filter (where is_done and not is_in_time) as days_late
    from ended
    group by
        ref_period,
        record_kind,
        account_id,
        grouping sets (
            -- T15.1, T15.2 YQ: record_kind!>record_type record_status
            rollup (record_type),
            (record_type, record_status), (record_status),
            -- T15.3 YQ: record_kind!>record_type mutuality_union (without mutuality_union: above)
            (record_type, mutuality_union), (mutuality_union)
        )
),

cells as (
    select
        ref_period,
        record_kind,
        record_type,
        record_status,
        mutuality_union,
        -- A ratio has the contributors of its denominator.
        unnest([  -- noqa: AL03
            {
                'measure': 'records',
                'obs_value': cast(sum(records) as decimal(24, 6)),
                'contributors': count(nullif(records, 0)),
                'largest': max(nullif(records, 0), 2)
            },
            {
                'measure': 'quarters',
                'obs_value': cast(sum(quarters) as decimal(24, 6)),
                'contributors': count(nullif(quarters, 0)),
                'largest': max(nullif(quarters, 0), 2)
            },
            {
                'measure': 'done_records',
                'obs_value': cast(sum(done_records) as decimal(24, 6)),
                'contributors': count(nullif(done_records, 0)),
                'largest': max(nullif(done_records, 0), 2)
            },
            {
                'measure': 'judged_records',
                'obs_value': cast(sum(judged_records) as decimal(24, 6)),
                'contributors': count(nullif(judged_records, 0)),
                'largest': max(nullif(judged_records, 0), 2)
            },
            {
                'measure': 'in_time_records',
                'obs_value': cast(sum(in_time_records) as decimal(24, 6)),
                'contributors': count(nullif(in_time_records, 0)),
                'largest': max(nullif(in_time_records, 0), 2)
            },
            {
                'measure': 'in_time_pct',
                'obs_value': cast(100 * sum(in_time_records) / nullif(sum(judged_records), 0) as decimal(24, 6)),
                'contributors': count(nullif(judged_records, 0)),
                'largest': null
            },
            {
                'measure': 'mean_days_late',
                'obs_value': cast(coalesce(sum(days_late), 0) / nullif(sum(done_records), 0) as decimal(24, 6)),
                'contributors': count(nullif(done_records, 0)),
                'largest': null
            }
        ], recursive := true)
    from by_account
    group by ref_period, record_kind, record_type, record_status, mutuality_union
)

select
    ref_period,
    record_kind,
    coalesce(record_type, '_T') as record_type,
    coalesce(record_status, '_T') as record_status,
    coalesce(mutuality_union, '_T') as mutuality_union,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells
-- A cell leaves out what its block does not measure, and a ratio without a denominator.
where obs_value is not null

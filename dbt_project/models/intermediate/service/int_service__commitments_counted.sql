-- Each measure by quarter and office, for the fund as a whole (office ALL), and by the details of its items.
with tallies as (
    select
        *,
        coalesce(office_code, '') as office
    from {{ ref('int_service__commitments_tallied') }}
),

-- What belongs to no office counts for the fund only (E4); what has no detail, in no detail.
counted as (
    select
        code,
        quarter,
        grouping(breakdown_code) = 0 as is_detail,
        breakdown_code,
        case when grouping(office) = 1 then 'ALL' else office end as office_code,
        sum(items) as items,
        coalesce(sum(items) filter (where is_met), 0) as items_met,
        coalesce(sum(amount), 0) as amount
    from tallies
    group by
        grouping sets (
            (code, quarter),
            (code, quarter, office),
            (code, quarter, breakdown_code),
            (code, quarter, breakdown_code, office)
        )
    having (grouping(office) = 1 or office <> '') and (grouping(breakdown_code) = 1 or breakdown_code is not null)
),

-- Each item by itself again.
durations as (
    select
        code,
        quarter,
        office,
        breakdown_code,
        duration_days,
        unnest(range(items)) as item
    from tallies
    where duration_days is not null
),

medians as (
    select
        code,
        quarter,
        grouping(breakdown_code) = 0 as is_detail,
        breakdown_code,
        case when grouping(office) = 1 then 'ALL' else office end as office_code,
        count(*) as items,
        median(duration_days) as median_days
    from durations
    group by
        grouping sets (
            (code, quarter),
            (code, quarter, office),
            (code, quarter, breakdown_code),
            (code, quarter, breakdown_code, office)
        )
    having (grouping(office) = 1 or office <> '') and (grouping(breakdown_code) = 1 or breakdown_code is not null)
),

measures as (
    select
        code,
        counted_code,
        statistic,
        unit,
        cast(target as decimal(18, 6)) as target
    from {{ ref('dim_commitment') }}
    where is_measured
),

-- E1: a share is items met / items. E3, SC32: an amount is what the items add up to. A median has no numerator.
shares as (
    select
        measures.code,
        counted.quarter,
        counted.is_detail,
        counted.breakdown_code,
        counted.office_code,
        counted.items_met as numerator,
        counted.items as denominator,
        counted.items_met / counted.items as value,
        measures.unit,
        measures.target,
        counted.items_met >= measures.target * counted.items as is_met
    from counted
    inner join measures on counted.code = measures.counted_code and measures.statistic = 'share'
),

amounts as (
    select
        measures.code,
        counted.quarter,
        counted.is_detail,
        counted.breakdown_code,
        counted.office_code,
        counted.amount as numerator,
        counted.items as denominator,
        counted.amount as value,
        measures.unit,
        measures.target,
        counted.amount <= measures.target as is_met
    from counted
    inner join measures on counted.code = measures.counted_code and measures.statistic = 'amount'
),

median_durations as (
    select
        measures.code,
        medians.quarter,
        medians.is_detail,
        medians.breakdown_code,
        medians.office_code,
        medians.items as denominator,
        medians.median_days as value,
        measures.unit,
        measures.target
    from medians
    inner join measures on medians.code = measures.counted_code and measures.statistic = 'median_days'
),

figures as (
    select * from shares
    union all by name
    select * from amounts
    union all by name
    select * from median_durations
)

select
    code,
    quarter,
    is_detail,
    breakdown_code,
    office_code,
    cast(numerator as decimal(18, 2)) as numerator,
    cast(denominator as bigint) as denominator,
    cast(value as double) as value,
    unit,
    cast(target as double) as target,
    is_met
from figures

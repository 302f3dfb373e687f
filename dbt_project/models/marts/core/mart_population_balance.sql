{#
The equation of definitions, section 6 and ruling D3, for each quarter and year that has ended. Flows come from the
edges of fct_affiliation_periods (is_entry, is_exit); stocks are counted from the periods themselves, without those
edges, so that the equation is a check and not an identity.
A boundary is the night before the first day of a quarter: a person is in its stock when covered on both days.
#}
with bounds as (
    select
        {{ first_year() }} * 4 as first_quarter_index,
        {{ quarter_index(days_added('as_of_date', 1)) }} - 1 as last_quarter_index
    from {{ source('raw', '_plan') }}
),

boundaries as (
    select {{ integers_between('first_quarter_index', 'last_quarter_index + 1') }} as quarter_index
    from bounds
),

periods as (
    select
        person_key,
        start_date,
        end_date,
        origin,
        end_reason,
        is_entry,
        is_exit,
        is_starter,
        is_cessation,
        is_concurrent,
        {{ quarter_index('start_date') }} as start_quarter_index,
        {{ quarter_index('end_date') }} as end_quarter_index
    from {{ ref('fct_affiliation_periods') }}
    where is_counted
),

concurrent_persons as (
    select distinct person_key
    from periods
    where is_concurrent
),

-- Persons with one period at a time need no look at duplicates: changes of the stock are added up over the boundaries.
single_periods as (
    select
        periods.start_quarter_index,
        periods.end_quarter_index,
        periods.start_date = {{ quarter_start('periods.start_date') }}
        and coalesce(
            lag(periods.end_date) over (partition by periods.person_key order by periods.start_date)
            = {{ days_added('periods.start_date', -1) }}, false
        ) as follows_on
    from periods
    left join concurrent_persons on periods.person_key = concurrent_persons.person_key
    where concurrent_persons.person_key is null
),

stock_changes as (
    -- A period spans the boundaries after the quarter it starts in, up to the one of the quarter it ends in ...
    select
        start_quarter_index + 1 as quarter_index,
        count(*) as persons
    from single_periods
    group by start_quarter_index
    union all
    select
        end_quarter_index + 1 as quarter_index,
        -count(*) as persons
    from single_periods
    where end_quarter_index is not null
    group by end_quarter_index
    union all
    -- ... and two periods that meet at a boundary cover it together.
    select
        start_quarter_index as quarter_index,
        count(*) as persons
    from single_periods
    where follows_on
    group by start_quarter_index
    union all
    select
        start_quarter_index + 1 as quarter_index,
        -count(*) as persons
    from single_periods
    where follows_on
    group by start_quarter_index
),

concurrent_coverage as (
    select
        periods.person_key,
        periods.start_quarter_index,
        periods.end_quarter_index,
        {{ integers_between(
            quarter_index(days_added('periods.start_date', -1)) ~ ' + 1',
            'coalesce(' ~ quarter_index(days_added('periods.end_date', 1)) ~ ', bounds.last_quarter_index + 1)'
        ) }} as quarter_index
    from periods
    inner join concurrent_persons on periods.person_key = concurrent_persons.person_key
    cross join bounds
),

concurrent_persons_covered as (
    select
        person_key,
        quarter_index
    from concurrent_coverage
    group by person_key, quarter_index
    having
        bool_or(start_quarter_index < quarter_index)
        and bool_or(end_quarter_index is null or end_quarter_index >= quarter_index)
),

concurrent_stocks as (
    select
        quarter_index,
        count(*) as persons
    from concurrent_persons_covered
    group by quarter_index
),

stocks as (
    select
        boundaries.quarter_index,
        coalesce(sum(stock_changes.persons), 0) + coalesce(max(concurrent_stocks.persons), 0) as persons
    from boundaries
    left join stock_changes on boundaries.quarter_index >= stock_changes.quarter_index
    left join concurrent_stocks on boundaries.quarter_index = concurrent_stocks.quarter_index
    group by boundaries.quarter_index
),

flows as (
    select
        start_quarter_index as quarter_index,
        count(*) filter (where is_starter) as starters,
        count(*) filter (where origin = 'transfer_in') as transfers_in,
        count(*) filter (where not is_starter and origin <> 'transfer_in') as other_in,
        0 as cessations,
        0 as transfers_out,
        0 as other_out
    from periods
    where is_entry
    group by start_quarter_index
    union all
    select
        end_quarter_index as quarter_index,
        0 as starters,
        0 as transfers_in,
        0 as other_in,
        count(*) filter (where is_cessation) as cessations,
        count(*) filter (where end_reason = 'transfer_out') as transfers_out,
        count(*) filter (where not is_cessation and end_reason <> 'transfer_out') as other_out
    from periods
    where is_exit
    group by end_quarter_index
),

-- Quarters and years that have ended, from their first quarter to their last.
published as (
    select
        {{ quarter_index_text('boundaries.quarter_index') }} as period,
        'quarter' as period_type,
        boundaries.quarter_index as from_quarter_index,
        boundaries.quarter_index as to_quarter_index
    from boundaries
    cross join bounds
    where boundaries.quarter_index <= bounds.last_quarter_index
    union all
    select
        {{ year_of_quarter_index('boundaries.quarter_index') }} as period,
        'year' as period_type,
        boundaries.quarter_index - 3 as from_quarter_index,
        boundaries.quarter_index as to_quarter_index
    from boundaries
    cross join bounds
    where boundaries.quarter_index <= bounds.last_quarter_index and boundaries.quarter_index % 4 = 3
),

balances as (
    select
        published.period,
        published.period_type,
        published.from_quarter_index,
        published.to_quarter_index,
        coalesce(sum(flows.starters), 0) as starters,
        coalesce(sum(flows.transfers_in), 0) as transfers_in,
        coalesce(sum(flows.other_in), 0) as other_in,
        coalesce(sum(flows.cessations), 0) as cessations,
        coalesce(sum(flows.transfers_out), 0) as transfers_out,
        coalesce(sum(flows.other_out), 0) as other_out
    from published
    left join flows
        on flows.quarter_index between published.from_quarter_index and published.to_quarter_index
    group by published.period, published.period_type, published.from_quarter_index, published.to_quarter_index
)

select
    balances.period,
    balances.period_type,
    cast(coalesce(stocks_before.persons, 0) as bigint) as stock_start,
    cast(balances.starters as bigint) as starters,
    cast(balances.transfers_in as bigint) as transfers_in,
    cast(balances.other_in as bigint) as other_in,
    cast(balances.cessations as bigint) as cessations,
    cast(balances.transfers_out as bigint) as transfers_out,
    cast(balances.other_out as bigint) as other_out,
    cast(coalesce(stocks_after.persons, 0) as bigint) as stock_end
from balances
left join stocks as stocks_before on balances.from_quarter_index = stocks_before.quarter_index
left join stocks as stocks_after on balances.to_quarter_index + 1 = stocks_after.quarter_index

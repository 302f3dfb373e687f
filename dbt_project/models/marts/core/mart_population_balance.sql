-- Definitions, section 6 and D3: stock at start + entries - exits = stock at end, for each quarter and year that has
-- ended. Flows come from the edges of fct_affiliation_periods (D2); stocks are counted from the stays of persons,
-- without those edges, so that the equation is a check and not an identity.
with quarters as (
    select unnest(range(first_year() * 4, last_ended_quarter(as_of_date()) + 1)) as quarter_index
),

-- Quarters and years that have ended, from their first day to their last.
periods as (
    select
        quarter_index_text(quarter_index) as period,
        'quarter' as period_type,
        quarter_index_start(quarter_index) as from_date,
        quarter_index_end(quarter_index) as to_date
    from quarters
    union all
    select
        cast(quarter_index // 4 as varchar) as period,
        'year' as period_type,
        quarter_index_start(quarter_index - 3) as from_date,
        quarter_index_end(quarter_index) as to_date
    from quarters
    where quarter_index % 4 = 3
),

-- D3: who is covered on both sides of a midnight. A stay has no gap, so it covers both days or not both.
midnights as (
    select from_date as morning from periods
    union
    select to_date + 1 as morning from periods
),

stocks as (
    select
        midnights.morning,
        count(stays.person_key) as persons
    from midnights
    left join {{ ref('int_population__stays') }} as stays
        on
            midnights.morning > stays.start_date
            and coalesce(stays.end_date, date '9999-12-31') >= midnights.morning
    group by midnights.morning
),

entries as (
    select
        start_date,
        count(*) filter (where is_starter) as starters,
        count(*) filter (where origin = 'transfer_in') as transfers_in,
        count(*) filter (where not is_starter and origin <> 'transfer_in') as other_in
    from {{ ref('fct_affiliation_periods') }}
    where is_entry
    group by start_date
),

exits as (
    select
        end_date,
        count(*) filter (where is_cessation) as cessations,
        count(*) filter (where end_reason = 'transfer_out') as transfers_out,
        count(*) filter (where not is_cessation and end_reason <> 'transfer_out') as other_out
    from {{ ref('fct_affiliation_periods') }}
    where is_exit
    group by end_date
),

entries_by_period as (
    select
        periods.period,
        sum(entries.starters) as starters,
        sum(entries.transfers_in) as transfers_in,
        sum(entries.other_in) as other_in
    from periods
    inner join entries on entries.start_date between periods.from_date and periods.to_date
    group by periods.period
),

exits_by_period as (
    select
        periods.period,
        sum(exits.cessations) as cessations,
        sum(exits.transfers_out) as transfers_out,
        sum(exits.other_out) as other_out
    from periods
    inner join exits on exits.end_date between periods.from_date and periods.to_date
    group by periods.period
)

select
    periods.period,
    periods.period_type,
    stocks_before.persons as stock_start,
    cast(coalesce(entries_by_period.starters, 0) as bigint) as starters,
    cast(coalesce(entries_by_period.transfers_in, 0) as bigint) as transfers_in,
    cast(coalesce(entries_by_period.other_in, 0) as bigint) as other_in,
    cast(coalesce(exits_by_period.cessations, 0) as bigint) as cessations,
    cast(coalesce(exits_by_period.transfers_out, 0) as bigint) as transfers_out,
    cast(coalesce(exits_by_period.other_out, 0) as bigint) as other_out,
    stocks_after.persons as stock_end
from periods
inner join stocks as stocks_before on periods.from_date = stocks_before.morning
inner join stocks as stocks_after on periods.to_date + 1 = stocks_after.morning
left join entries_by_period on periods.period = entries_by_period.period
left join exits_by_period on periods.period = exits_by_period.period

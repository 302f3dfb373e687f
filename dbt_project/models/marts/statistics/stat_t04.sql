-- T04 of statistics-tables.md. Entries and exits by the touch rule (D2), one record each; a person may have several in
-- a period, so they are added up by person first. The stocks around them are counts of persons.
with events as (
    select
        person_key,
        affiliate_id,
        profession_code,
        nature,
        start_date as event_date,
        case
            when is_starter then 'starter'
            when origin = 'transfer_in' then 'transfer_in'
            else 'other_in'
        end as flow,
        case
            when origin = 'voluntary' and is_first_activity then 'first_voluntary'
            when is_starter or origin = 'transfer_in' then origin
            else 'other_in'
        end as flow_type
    from {{ ref('fct_affiliation_periods') }}
    where is_entry
    union all
    select
        person_key,
        affiliate_id,
        profession_code,
        nature,
        end_date as event_date,
        case
            when is_cessation then 'cessation'
            when end_reason = 'transfer_out' then 'transfer_out'
            else 'other_out'
        end as flow,
        case
            when is_cessation or end_reason = 'transfer_out' then end_reason
            else 'other_out'
        end as flow_type
    from {{ ref('fct_affiliation_periods') }}
    where is_exit
),

described as (
    select
        events.*,
        affiliates.sex,
        age_class(age_in_years(affiliates.birth_date, events.event_date)) as age_class,
        professions.branch_code as branch,
        nationalities.nationality_group,
        residences.province_code as province
    from events
    inner join {{ ref('dim_affiliate') }} as affiliates on events.affiliate_id = affiliates.affiliate_id
    inner join {{ ref('dim_nationality') }} as nationalities on affiliates.nationality = nationalities.nationality
    inner join {{ ref('dim_profession') }} as professions on events.profession_code = professions.profession_code
    inner join {{ ref('int_population__residences_dated') }} as residences
        on
            coalesce(affiliates.municipality_nis, 'ABROAD') = residences.known_municipality_nis
            and events.event_date between residences.from_date and residences.to_date
    where year(events.event_date) >= first_year()
),

-- S1: an event lies in its year, quarter and month; only what has ended has rows.
dated as (
    select
        *,
        unnest([  -- noqa: AL03
            {
                'frequency': 'year',
                'ref_period': year_text(event_date),
                'last_day': make_date(year(event_date), 12, 31)
            },
            {
                'frequency': 'quarter',
                'ref_period': quarter_text(event_date),
                'last_day': quarter_end(event_date)
            },
            {
                'frequency': 'month',
                'ref_period': month_text(event_date),
                'last_day': last_day(event_date)
            }
        ], recursive := true)
    from described
),

ended as (
    select *
    from dated
    where last_day <= as_of_date()
),

by_person as (
    -- T04.1 YQM: flow!>flow_type nature sex
    select
        'T04.1' as block,
        ref_period,
        person_key,
        flow,
        flow_type,
        nature,
        sex,
        count(*) as events
    from ended
    group by ref_period, person_key, flow, rollup (flow_type), cube (nature, sex)
    union all by name
    -- T04.2 Y: flow!>flow_type age_class sex
    select
        'T04.2' as block,
        ref_period,
        person_key,
        flow,
        flow_type,
        sex,
        age_class,
        count(*) as events
    from ended
    where frequency = 'year'
    group by ref_period, person_key, flow, rollup (flow_type), cube (age_class, sex)
    union all by name
    -- T04.3 Y: flow!>flow_type branch nature
    select
        'T04.3' as block,
        ref_period,
        person_key,
        flow,
        flow_type,
        nature,
        branch,
        count(*) as events
    from ended
    where frequency = 'year'
    group by ref_period, person_key, flow, rollup (flow_type), cube (branch, nature)
    union all by name
    -- T04.4 Y: flow!>flow_type nationality_group sex
    select
        'T04.4' as block,
        ref_period,
        person_key,
        flow,
        flow_type,
        sex,
        nationality_group,
        count(*) as events
    from ended
    where frequency = 'year'
    group by ref_period, person_key, flow, rollup (flow_type), cube (nationality_group, sex)
    union all by name
    -- T04.5 Y: flow!>flow_type province nature
    select
        'T04.5' as block,
        ref_period,
        person_key,
        flow,
        flow_type,
        nature,
        province,
        count(*) as events
    from ended
    where frequency = 'year'
    group by ref_period, person_key, flow, rollup (flow_type), cube (province, nature)
),

event_cells as (
    select
        * exclude (person_key, events),
        'events' as measure,
        sum(events) as obs_value,
        count(*) as contributors,
        max(events, 2) as largest
    from by_person
    group by all
),

-- D3: a month end is the end of its month, and perhaps of its quarter and its year; the next ones start there.
boundaries as (
    select
        sex,
        persons,
        unnest([  -- noqa: AL03
            {
                'flow': 'stock_end',
                'ref_period': month_text(last_day),
                'to_date': last_day
            },
            {
                'flow': 'stock_end',
                'ref_period': quarter_text(last_day),
                'to_date': case when last_day = quarter_end(last_day) then last_day end
            },
            {
                'flow': 'stock_end',
                'ref_period': year_text(last_day),
                'to_date': case when month(last_day) = 12 then last_day end
            },
            {
                'flow': 'stock_start',
                'ref_period': month_text(last_day + 1),
                'to_date': last_day(last_day + 1)
            },
            {
                'flow': 'stock_start',
                'ref_period': quarter_text(last_day + 1),
                'to_date': case when last_day = quarter_end(last_day) then quarter_end(last_day + 1) end
            },
            {
                'flow': 'stock_start',
                'ref_period': year_text(last_day + 1),
                'to_date': case when month(last_day) = 12 then make_date(year(last_day + 1), 12, 31) end
            }
        ], recursive := true)
    from {{ ref('int_population__stocks_at_month_ends') }}
),

stocks as (
    select *
    from boundaries
    where to_date <= as_of_date() and year(to_date) >= first_year()
),

-- T04.6 YQM: flow! sex
stock_cells as (
    select
        'T04.6' as block,
        ref_period,
        flow,
        sex,
        'persons' as measure,
        sum(persons) as obs_value,
        sum(persons) as contributors,
        case when sum(persons) > 1 then [1, 1] else [1] end as largest
    from stocks
    group by ref_period, flow, cube (sex)
),

cells as (
    select * from event_cells
    union all by name
    select * from stock_cells
)

select distinct
    ref_period,
    flow,
    coalesce(flow_type, '_T') as flow_type,
    coalesce(nature, '_T') as nature,
    coalesce(sex, '_T') as sex,
    coalesce(age_class, '_T') as age_class,
    coalesce(branch, '_T') as branch,
    coalesce(nationality_group, '_T') as nationality_group,
    coalesce(province, '_T') as province,
    measure,
    cast(obs_value as decimal(18, 2)) as obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells

-- T04: the events of the months are those of their quarter, and the quarters those of their year; whatever begins or
-- ends on a day has the same stock there; the stock of T01 counts, besides, who leaves on that very day.
with cells as (
    select
        ref_period,
        length(ref_period) as width,        -- 2025, 2025Q3, 2025-09
        flow,
        flow_type,
        nature,
        sex,
        obs_value
    from {{ ref('stat_t04') }}
    where age_class = '_T' and branch = '_T' and nationality_group = '_T' and province = '_T'
),

events as (
    select
        case
            when width = 7 then quarter_text(cast(ref_period || '-01' as date))
            else left(ref_period, 4)
        end as ref_period,
        flow,
        flow_type,
        nature,
        sex,
        obs_value as of_parts,
        0 as of_whole
    from cells
    where width > 4 and flow not in ('stock_start', 'stock_end')
    union all
    select
        ref_period,
        flow,
        flow_type,
        nature,
        sex,
        0 as of_parts,
        obs_value as of_whole
    from cells
    where width < 7 and flow not in ('stock_start', 'stock_end')
),

stocks as (
    select
        case width
            when 4 then make_date(cast(ref_period as integer), 12, 31)
            when 6 then quarter_index_end(quarter_text_index(ref_period))
            else last_day(cast(ref_period || '-01' as date))
        end as to_date,
        case width when 4 then 12 when 6 then 3 else 1 end as months,
        *
    from cells
    where flow in ('stock_start', 'stock_end')
),

boundaries as (
    select
        case when flow = 'stock_end' then to_date else month_end(to_date, -months) end as last_day,
        sex,
        obs_value
    from stocks
),

exits as (
    select
        end_date,
        count(*) as persons
    from {{ ref('fct_affiliation_periods') }}
    where is_exit
    group by end_date
),

stocks_of_t01 as (
    select
        ref_period,
        obs_value
    from {{ ref('stat_t01') }}
    where
        nature = '_T' and category = '_T' and quality = '_T' and sex = '_T' and age_class = '_T'
        and residence_level = '_T'
)

select
    'events of ' || ref_period as what,
    flow || ' ' || flow_type || ' ' || nature || ' ' || sex as cell,
    sum(of_parts) as found,
    sum(of_whole) as expected
from events
-- A quarter or year that runs has months but no row of its own.
where ref_period in (select cells.ref_period from cells)
group by ref_period, flow, flow_type, nature, sex
having sum(of_parts) <> sum(of_whole)
union all
select
    'stocks on ' || last_day as what,
    sex as cell,
    min(obs_value) as found,
    max(obs_value) as expected
from boundaries
group by last_day, sex
having min(obs_value) <> max(obs_value)
union all
select
    'T01 of ' || stocks_of_t01.ref_period as what,
    '_T' as cell,
    stocks.obs_value + coalesce(exits.persons, 0) as found,
    stocks_of_t01.obs_value as expected
from stocks_of_t01
left join stocks
    on stocks_of_t01.ref_period = stocks.ref_period and stocks.flow = 'stock_end' and stocks.sex = '_T'
left join exits on stocks.to_date = exits.end_date
where stocks_of_t01.obs_value is distinct from stocks.obs_value + coalesce(exits.persons, 0)

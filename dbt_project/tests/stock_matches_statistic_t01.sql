-- The stock of T01 counts persons at the end of a day; the balance counts those covered that day and the next. They
-- differ by the exits of that very day, so T01 (every level of residence) can be proven against the balance.
with exits_on_last_day as (
    select
        quarter_text(end_date) as ref_period,
        count(*) as persons
    from {{ ref('fct_affiliation_periods') }}
    where is_exit and end_date = quarter_end(end_date)
    group by all
),

totals as (
    select
        ref_period,
        residence_level,
        sum(obs_value) as persons
    from {{ ref('stat_t01') }}
    where nature = '_T' and category = '_T' and quality = '_T' and sex = '_T' and age_class = '_T'
    group by all
)

select
    totals.ref_period,
    totals.residence_level,
    totals.persons,
    balance.stock_end,
    exits_on_last_day.persons as exits
from totals
left join {{ ref('mart_population_balance') }} as balance on totals.ref_period = balance.period
-- A year ends with its last quarter.
left join exits_on_last_day
    on
        left(totals.ref_period, 4) || coalesce(nullif(substr(totals.ref_period, 5), ''), 'Q4')
        = exits_on_last_day.ref_period
where totals.persons <> balance.stock_end + coalesce(exits_on_last_day.persons, 0) or balance.period is null

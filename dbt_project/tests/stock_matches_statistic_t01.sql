-- The stock of T01 counts persons at the end of a day; the balance counts those covered that day and the next. They
-- differ by the exits of that very day, so T01 (every level of residence) can be proven against the balance.
with exits_on_last_day as (
    select
        {{ quarter_text('end_date') }} as ref_period,
        count(*) as persons
    from {{ ref('fct_affiliation_periods') }}
    where is_exit and end_date = {{ quarter_end('end_date') }}
    group by {{ quarter_text('end_date') }}
),

totals as (
    select
        ref_period,
        residence_level,
        sum(obs_value) as persons
    from {{ ref('stat_t01') }}
    where
        nature = '_T' and category = '_T' and quality = '_T' and sex = '_T' and age_class = '_T'
        and ref_period like '%Q%'
    group by ref_period, residence_level
)

select
    totals.ref_period,
    totals.residence_level,
    totals.persons,
    balance.stock_end,
    exits_on_last_day.persons as exits
from totals
left join {{ ref('mart_population_balance') }} as balance on totals.ref_period = balance.period
left join exits_on_last_day on totals.ref_period = exits_on_last_day.ref_period
where totals.persons <> balance.stock_end + coalesce(exits_on_last_day.persons, 0) or balance.period is null

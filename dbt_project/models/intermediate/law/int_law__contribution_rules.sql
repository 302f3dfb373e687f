-- Which thresholds and rates apply to a quarter, with their amounts: the lists joined once, so that a contribution is
-- arithmetic on one row (macros/law/contributions.sql). Rates are those of a quarter, as fractions.
with years as (
    select distinct contribution_year
    from {{ ref('int_law__thresholds') }}
),

numbered as (
    select
        contribution_year,
        {{ integers_between(1, 4) }} as contribution_quarter
    from years
),

quarters as (
    select
        contribution_year,
        contribution_quarter,
        {{ quarter_index_start('contribution_year * 4 + contribution_quarter - 1') }} as first_day
    from numbered
)

select
    quarters.contribution_year,
    quarters.contribution_quarter,
    rules.category,
    rules.pension,
    rules.is_primo,
    rules.income_of,
    floors.threshold_amount as floor_amount,
    nothing_belows.threshold_amount as nothing_below_amount,
    free_up_tos.threshold_amount as free_up_to_amount,
    as_main_froms.threshold_amount as as_main_from_amount,
    starters.threshold_amount as starter_amount,
    discounts.threshold_amount as discount_amount,
    mains.threshold_amount as main_floor_amount,
    band1s.threshold_amount as band1_amount,
    band2s.threshold_amount as band2_amount,
    cast(rates1.value as decimal(5, 2)) as rate_1_pct,
    cast(rates2.value as decimal(5, 2)) as rate_2_pct,
    -- A hundredth of a quarter.
    cast(rates1.value * 0.0025 as decimal(9, 6)) as quarter_rate_1,
    cast(rates2.value * 0.0025 as decimal(9, 6)) as quarter_rate_2,
    rules.article,
    rates1.article as rate_article,
    band1s.index_article,
    {{ weakest([
        'rules.certainty', 'rates1.certainty', 'rates2.certainty', 'mains.certainty', 'band1s.certainty',
        'band2s.certainty', 'floors.certainty', 'nothing_belows.certainty', 'free_up_tos.certainty', 'as_main_froms.certainty',
        'starters.certainty', 'discounts.certainty'
    ]) }} as certainty
from quarters
inner join {{ ref('law_category_rules') }} as rules on {{ is_in_force('rules', 'quarters.first_day') }}
inner join {{ ref('law_rates') }} as rates1
    on
        rules.rate_scheme = rates1.rate_scheme
        and rates1.band = 1
        and {{ is_in_force('rates1', 'quarters.first_day') }}
inner join {{ ref('law_rates') }} as rates2
    on
        rules.rate_scheme = rates2.rate_scheme
        and rates2.band = 2
        and {{ is_in_force('rates2', 'quarters.first_day') }}
inner join {{ ref('int_law__thresholds') }} as band1s
    on quarters.contribution_year = band1s.contribution_year and band1s.threshold_key = 'BAND1'
inner join {{ ref('int_law__thresholds') }} as band2s
    on quarters.contribution_year = band2s.contribution_year and band2s.threshold_key = 'BAND2'
inner join {{ ref('int_law__thresholds') }} as mains
    on quarters.contribution_year = mains.contribution_year and mains.threshold_key = 'MAIN_MIN'
left join {{ ref('int_law__thresholds') }} as floors
    on
        quarters.contribution_year = floors.contribution_year
        and rules.floor_key = floors.threshold_key
left join {{ ref('int_law__thresholds') }} as nothing_belows
    on
        quarters.contribution_year = nothing_belows.contribution_year
        and rules.nothing_below_key = nothing_belows.threshold_key
left join {{ ref('int_law__thresholds') }} as free_up_tos
    on
        quarters.contribution_year = free_up_tos.contribution_year
        and rules.free_up_to_key = free_up_tos.threshold_key
left join {{ ref('int_law__thresholds') }} as as_main_froms
    on
        quarters.contribution_year = as_main_froms.contribution_year
        and rules.as_main_from_key = as_main_froms.threshold_key
left join {{ ref('int_law__thresholds') }} as starters
    on
        quarters.contribution_year = starters.contribution_year
        and rules.starter_key = starters.threshold_key
left join {{ ref('int_law__thresholds') }} as discounts
    on
        quarters.contribution_year = discounts.contribution_year
        and rules.discount_key = discounts.threshold_key

-- Which thresholds and rates apply to a quarter, with their amounts: the lists joined once, so that a contribution is
-- arithmetic on one row (functions/contributions.sql). Rates are those of a quarter, as fractions.
with thresholds as (
    select * from {{ ref('int_law__thresholds') }}
),

-- The thresholds of a year in one row: an amount and a certainty for each key.
years as (
    select
        contribution_year,
        map(list(threshold_key), list(threshold_amount)) as amounts,
        map(list(threshold_key), list(certainty)) as certainties,
        any_value(index_article) as index_article
    from thresholds
    group by contribution_year
),

quarters as (
    select
        *,
        unnest([1, 2, 3, 4]) as contribution_quarter
    from years
)

select
    quarters.contribution_year,
    quarters.contribution_quarter,
    rules.category,
    rules.pension,
    rules.is_primo,
    rules.income_of,
    quarters.amounts[rules.floor_key] as floor_amount,
    quarters.amounts[rules.nothing_below_key] as nothing_below_amount,
    quarters.amounts[rules.free_up_to_key] as free_up_to_amount,
    quarters.amounts[rules.as_main_from_key] as as_main_from_amount,
    quarters.amounts[rules.starter_key] as starter_amount,
    quarters.amounts[rules.discount_key] as discount_amount,
    quarters.amounts['MAIN_MIN'] as main_floor_amount,
    quarters.amounts['BAND1'] as band1_amount,
    quarters.amounts['BAND2'] as band2_amount,
    cast(rates_1.value as decimal(5, 2)) as rate_1_pct,
    cast(rates_2.value as decimal(5, 2)) as rate_2_pct,
    -- A hundredth of a quarter.
    cast(rates_1.value * 0.0025 as decimal(9, 6)) as quarter_rate_1,
    cast(rates_2.value * 0.0025 as decimal(9, 6)) as quarter_rate_2,
    rules.article,
    rates_1.article as rate_article,
    quarters.index_article,
    weakest([
        rules.certainty, rates_1.certainty, rates_2.certainty,
        quarters.certainties['MAIN_MIN'], quarters.certainties['BAND1'], quarters.certainties['BAND2'],
        quarters.certainties[rules.floor_key], quarters.certainties[rules.nothing_below_key],
        quarters.certainties[rules.free_up_to_key], quarters.certainties[rules.as_main_from_key],
        quarters.certainties[rules.starter_key], quarters.certainties[rules.discount_key]
    ]) as certainty
from quarters
inner join {{ ref('law_category_rules') }} as rules
    on is_in_force(rules, make_date(quarters.contribution_year, quarters.contribution_quarter * 3 - 2, 1))
inner join {{ ref('law_rates') }} as rates_1
    on
        rules.rate_scheme = rates_1.rate_scheme
        and rates_1.band = 1
        and is_in_force(rates_1, make_date(quarters.contribution_year, quarters.contribution_quarter * 3 - 2, 1))
inner join {{ ref('law_rates') }} as rates_2
    on
        rules.rate_scheme = rates_2.rate_scheme
        and rates_2.band = 2
        and is_in_force(rates_2, make_date(quarters.contribution_year, quarters.contribution_quarter * 3 - 2, 1))

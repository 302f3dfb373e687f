{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- What each liable quarter costs by law, both ways: provisionally on the income of the reference year (or the starter's
-- floor), and in the end on the income of the year. Years without parameters have no amounts.
with quarters as (
    select * from {{ ref('int_law__quarters_liable') }}
    where in_slice(affiliate_id)
),

years as (
    select distinct
        affiliate_id,
        contribution_year,
        quarters_liable
    from quarters
),

incomes as (
    select
        affiliate_id,
        income_year,
        net_income
    from {{ ref('stg_incomes') }}
    where in_slice(affiliate_id)
),

bases as (
    select
        years.affiliate_id,
        years.contribution_year,
        -- B6: a year of which a part only was worked is no reference.
        case
            when coalesce(reference_years.quarters_liable, 0) in (0, 4)
                then revalued_income(reference_incomes.net_income, revaluations.value)
        end as revalued_income,
        annualised_income(own_incomes.net_income, years.quarters_liable) as final_basis
    from years
    left join {{ ref('law_revaluations') }} as revaluations
        on years.contribution_year = year(revaluations.valid_from)
    left join incomes as reference_incomes
        on
            years.affiliate_id = reference_incomes.affiliate_id
            and years.contribution_year - revaluations.years_back = reference_incomes.income_year
    left join years as reference_years
        on
            years.affiliate_id = reference_years.affiliate_id
            and years.contribution_year - revaluations.years_back = reference_years.contribution_year
    left join incomes as own_incomes
        on
            years.affiliate_id = own_incomes.affiliate_id
            and years.contribution_year = own_incomes.income_year
),

fees as (
    select
        year(valid_from) as contribution_year,
        value as fee_pct
    from {{ ref('law_management_fees') }}
    where is_charged
),

assessed as (
    select
        quarters.*,
        bases.revalued_income is not null as has_reference_year,
        -- B8
        coalesce(bases.revalued_income, rules.starter_amount) as provisional_basis,
        bases.final_basis,
        quarterly_contribution(
            coalesce(bases.revalued_income, rules.starter_amount), rules,
            is_first_primo := quarters.primo_quarter is not distinct from 1, is_starter := bases.revalued_income is null
        ) as provisional,
        quarterly_contribution(
            bases.final_basis, rules, is_first_primo := quarters.primo_quarter is not distinct from 1
        ) as final,
        fees.fee_pct,
        rules.category is not null as is_ruled
    from quarters
    left join bases
        on
            quarters.affiliate_id = bases.affiliate_id
            and quarters.contribution_year = bases.contribution_year
    -- B11: the mini-statut goes by the income of the helped spouse, who is not in the extracts.
    left join {{ ref('int_law__contribution_rules') }} as rules
        on
            quarters.contribution_year = rules.contribution_year
            and quarters.contribution_quarter = rules.contribution_quarter
            and quarters.category = rules.category
            and (quarters.primo_quarter is not null) = rules.is_primo
            and coalesce(rules.pension, 'paid') = 'paid'
            and rules.income_of = 'own'
    left join fees on quarters.contribution_year = fees.contribution_year
)

select
    affiliate_id,
    contribution_year,
    contribution_quarter,
    category,
    quarters_liable,
    primo_quarter,
    has_reference_year,
    cast(case when is_ruled then provisional_basis end as decimal(18, 2)) as provisional_basis,
    cast(case when is_ruled then provisional + management_fee(provisional, fee_pct) end as decimal(18, 2))
        as expected_provisional,
    cast(case when is_ruled then final_basis end as decimal(18, 2)) as final_basis,
    cast(
        case when is_ruled and final_basis is not null then final + management_fee(final, fee_pct) end
        as decimal(18, 2)
    ) as expected_final
from assessed

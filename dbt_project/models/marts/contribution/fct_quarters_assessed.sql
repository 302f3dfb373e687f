{{ config(
    materialized='sliced',
    is_ledger=true,
    touched='int_contribution__accounts_reassessed',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}
-- What each liable quarter costs by law, both ways: provisionally on the income of the reference year (or the starter's
-- floor), and in the end on the income of the year. Years without parameters are in fct_years_unassessed.
with liable as (
    select * from {{ ref('int_contribution__years_liable') }}
    where {{ in_slice('account_key') }}
),

incomes as (
    select
        {{ account_key('affiliate_id') }} as account_key,
        cast(income_year as smallint) as income_year,
        net_income
    from {{ ref('stg_incomes') }}
    where {{ only_reassessed('affiliate_id') }} and {{ in_slice_of_ids('affiliate_id') }}
),

years as (
    select
        years.*,
        case
            when
                reference_incomes.net_income is not null
                -- B6: a year of which a part only was worked is no reference.
                and coalesce(reference_years.quarters_liable, 0) in (0, 4)
                then {{ revalued_income('reference_incomes.net_income', 'cast(revaluations.value as decimal(10, 8))') }}
        end as revalued_income,
        {{ annualised_income('own_incomes.net_income', 'years.quarters_liable') }} as final_basis
    from liable as years
    left join {{ ref('law_revaluations') }} as revaluations
        on years.contribution_year = extract(year from revaluations.valid_from)
    left join incomes as reference_incomes
        on
            years.account_key = reference_incomes.account_key
            and years.contribution_year - revaluations.years_back = reference_incomes.income_year
    left join liable as reference_years
        on
            years.account_key = reference_years.account_key
            and years.contribution_year - revaluations.years_back = reference_years.contribution_year
    left join incomes as own_incomes
        on
            years.account_key = own_incomes.account_key
            and years.contribution_year = own_incomes.income_year
    where
        years.contribution_year in (
            select distinct rules.contribution_year from {{ ref('int_law__contribution_rules') }} as rules
        )
),

quarters as (
    {%- for number in range(1, 5) %}
    select
        account_key,
        contribution_year,
        cast({{ number }} as tinyint) as contribution_quarter,
        rank_{{ number }} as category_rank,
        primo_{{ number }} as primo_quarter,
        quarters_liable,
        revalued_income,
        final_basis
    from years
    where rank_{{ number }} is not null
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ruled as (
    select
        quarters.*,
        categories.category,
        {%- for name in [
            'income_of', 'floor_amount', 'nothing_below_amount', 'free_up_to_amount', 'as_main_from_amount',
            'starter_amount', 'discount_amount', 'main_floor_amount', 'band1_amount', 'band2_amount',
            'quarter_rate_1', 'quarter_rate_2'
        ] %}
        rules.{{ name }},
        {%- endfor %}
        quarters.revalued_income is not null as has_reference_year,
        coalesce(quarters.primo_quarter = 1, false) as is_first_primo,
        coalesce(quarters.revalued_income, rules.starter_amount) as provisional_basis
    from quarters
    inner join {{ ref('categories') }} as categories on quarters.category_rank = categories.rank
    -- The mini-statut goes by the income of the helped spouse, who is not in the extracts (B11).
    left join {{ ref('int_law__contribution_rules') }} as rules
        on
            quarters.contribution_year = rules.contribution_year
            and quarters.contribution_quarter = rules.contribution_quarter
            and categories.category = rules.category
            and coalesce(rules.pension, 'paid') = 'paid'
            and (quarters.primo_quarter is not null) = rules.is_primo
            and rules.income_of = 'own'
),

fees as (
    select
        extract(year from valid_from) as contribution_year,
        value as fee_pct
    from {{ ref('law_management_fees') }}
    where is_charged
),

priced as (
    select
        ruled.*,
        fees.fee_pct,
        {{ quarterly_contribution(
            'ruled.provisional_basis', 'ruled', 'ruled.is_first_primo', 'not ruled.has_reference_year'
        ) }} as provisional,
        {{ quarterly_contribution('ruled.final_basis', 'ruled', 'ruled.is_first_primo') }} as final
    from ruled
    left join fees on ruled.contribution_year = fees.contribution_year
)

select
    account_key,
    cast(contribution_year as integer) as contribution_year,
    cast(contribution_quarter as integer) as contribution_quarter,
    cast(category as {{ code_type('category') }}) as category,
    cast(quarters_liable as integer) as quarters_liable,
    cast(primo_quarter as integer) as primo_quarter,
    has_reference_year,
    income_of is not null as is_ruled,
    cast(case when income_of is not null then provisional_basis end as decimal(18, 2)) as provisional_basis,
    cast(
        case when income_of is not null then provisional + {{ management_fee('provisional', 'fee_pct') }} end
        as decimal(18, 2)
    ) as expected_provisional,
    cast(case when income_of is not null then final_basis end as decimal(18, 2)) as final_basis,
    cast(
        case
            when income_of is not null and final_basis is not null
                then final + {{ management_fee('final', 'fee_pct') }}
        end as decimal(18, 2)
    ) as expected_final
from priced

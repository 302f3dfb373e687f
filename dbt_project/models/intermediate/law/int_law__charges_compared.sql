{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- B12: every charge of a type whose amount the law sets, beside this amount. B13: a company contribution is that of the
-- company's size, which goes by the balance sheet of the year so many years back.
with companies as (
    select
        charges.charge_id,
        charges.contribution_year,
        charges.gross_amount,
        charges.cancelled_amount,
        -- A year that the list of thresholds does not hold has no size, hence no amount.
        case when thresholds.value is not null then company_size(balances.balance_sheet_total, thresholds) end
            as size_class
    from {{ ref('int_ledger__charges_netted') }} as charges
    left join {{ ref('law_company_thresholds') }} as thresholds
        on charges.contribution_year = year(thresholds.valid_from)
    left join {{ ref('stg_company_balances') }} as balances
        on
            charges.account_id = balances.company_id
            and charges.contribution_year - thresholds.balance_years_back = balances.fiscal_year
    where charges.charge_type = 'company_contribution' and in_slice(charges.account_id)
),

company_amounts as (
    select
        companies.*,
        cast(amounts.value as decimal(18, 2)) as expected_amount
    from companies
    left join {{ ref('law_company_amounts') }} as amounts
        on
            companies.size_class = amounts.size_class
            and is_in_force(amounts, year_start(companies.contribution_year))
),

companies_compared as (
    select
        charge_id,
        expected_amount,
        case
            when gross_amount = expected_amount then null
            when expected_amount is null then 'no_parameters'
            when cancelled_amount >= gross_amount then 'later_correction'
            else 'unexplained'
        end as difference_reason
    from company_amounts
),

compared as (
    select * from {{ ref('int_law__provisionals_compared') }}
    union all
    select * from {{ ref('int_law__regularisations_compared') }}
    union all
    select * from companies_compared
)

select
    charge_id,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    difference_reason
from compared

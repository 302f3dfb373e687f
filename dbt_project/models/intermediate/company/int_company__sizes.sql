-- B13: the size class of a contribution year, by the balance sheet of two years earlier. Without one a company is small
-- and has no row.
select
    balances.company_id,
    balances.fiscal_year + thresholds.balance_years_back as contribution_year,
    company_size(balances.balance_sheet_total, thresholds) as size_class
from {{ ref('stg_company_balances') }} as balances
inner join {{ ref('law_company_thresholds') }} as thresholds
    on is_in_force(thresholds, year_start(balances.fiscal_year + thresholds.balance_years_back))

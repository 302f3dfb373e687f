select
    (select years_back from reference.law_revaluations where year(valid_from) = $year) as income_years_back,
    (select balance_years_back from reference.law_company_thresholds where year(valid_from) = $year)
        as balance_years_back

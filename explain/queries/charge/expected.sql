select contribution_year, contribution_quarter, category, quarters_liable, primo_quarter,
    has_reference_year, provisional_basis, expected_provisional, final_basis, expected_final
from contribution.fct_expected_contributions
where affiliate_id = $account and contribution_year = $year
    and ($quarter is null or contribution_quarter = $quarter)
order by contribution_quarter

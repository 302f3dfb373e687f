select contribution_year, contribution_quarter, category, charges, claimed_amount, collected_amount,
    outstanding_amount
from contribution.mart_quarter
where contribution_year = $year and contribution_quarter = $quarter and category = $category

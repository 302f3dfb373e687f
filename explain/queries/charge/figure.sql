select charge_id, account_id, charge_type, contribution_year, contribution_quarter, category, nature,
    issue_date, due_date, gross_amount, cancelled_amount, relief_amount, net_amount, collected_amount,
    credited_amount, outstanding_amount, settled_date, days_past_due, related_charge_id,
    expected_amount, difference_amount, difference_reason
from contribution.fct_charges
where charge_id = $id

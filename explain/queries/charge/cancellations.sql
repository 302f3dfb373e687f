select charge_id, issue_date, gross_amount
from contribution.fct_charges
where account_id = $account and related_charge_id = $id and charge_type = 'cancellation'
order by issue_date, charge_id

-- C7: the principal is the net amount of contributions, outstanding that of every charge held.
select charge_id, charge_type, contribution_year, contribution_quarter, due_date, net_amount,
    collected_amount, credited_amount, outstanding_amount,
    charge_type in ('provisional', 'regularisation', 'company_contribution') as is_principal
from contribution.fct_charges
where charge_id in (select unnest($charges))
order by due_date, charge_id

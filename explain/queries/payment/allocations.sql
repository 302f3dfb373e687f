select allocations.charge_id, charges.charge_type, charges.contribution_year,
    charges.contribution_quarter, charges.due_date, allocations.value_date, allocations.designated,
    allocations.allocated_amount
from contribution.fct_allocations as allocations
left join contribution.fct_charges as charges
    on allocations.charge_id = charges.charge_id and charges.account_id = $account
where allocations.account_id = $account and allocations.credit_id = $id
    and allocations.credit_type = 'payment'
order by charges.due_date, allocations.charge_id, allocations.designated desc

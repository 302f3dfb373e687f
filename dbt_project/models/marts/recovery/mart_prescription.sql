select
    charges.charge_id,
    charges.account_id,
    charges.outstanding_amount,
    charges.prescription_date,
    charges.interrupted_by,
    charges.interrupted_on,
    cast(charges.prescription_date - as_of_date() as integer) as days_left,
    charges.prescription_date <= as_of_date() as is_prescribed,
    assigned.office_code,
    assigned.agent_id
from {{ ref('fct_open_charges') }} as charges
left join {{ ref('int_recovery__accounts_assigned') }} as assigned on charges.account_id = assigned.account_id

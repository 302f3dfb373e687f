-- Charges held by cases that are open or were, with their amounts in the ledger.
select
    held.case_id,
    {{ is_contribution('charges.charge_type') }} as is_contribution,
    charges.net_amount,
    charges.outstanding_amount
from {{ ref('int_recovery__charges_of_cases') }} as held
inner join {{ ref('fct_charges_ledger') }} as charges on held.charge_number = charges.charge_number

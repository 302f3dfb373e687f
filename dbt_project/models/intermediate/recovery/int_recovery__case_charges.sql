-- Charges held by cases that are open or were, with their amounts in the ledger.
select
    held.case_id,
    held.charge_id,
    cases.account_id as case_account_id,
    charges.account_id,
    charges.charge_type,
    charges.net_amount,
    charges.outstanding_amount
from {{ ref('stg_recovery_case_charges') }} as held
inner join {{ ref('stg_recovery_cases') }} as cases on held.case_id = cases.case_id
inner join {{ ref('fct_charges') }} as charges on held.charge_id = charges.charge_id

-- Charges held by cases that are open or were, with their place in the ledger.
select
    case_charges.case_id,
    cases.opened_date,
    case when cases.closed_date <= {{ as_of_date() }} then cases.closed_date end as closed_date,
    case_charges.charge_id,
    {{ is_contribution('charges.charge_type') }} as is_contribution,
    charges.net_amount,
    charges.outstanding_amount
from {{ ref('stg_recovery_case_charges') }} as case_charges
inner join {{ ref('stg_recovery_cases') }} as cases on case_charges.case_id = cases.case_id
inner join {{ ref('fct_charges_ledger') }} as charges
    on {{ id_number('case_charges.charge_id') }} = charges.charge_number

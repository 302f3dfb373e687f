-- The charges that cases hold, in a daily build of the cases whose accounts are looked at again.
select
    held.case_number,
    held.case_id,
    held.charge_number
from {{ ref('int_recovery__charges_held') }} as held
inner join {{ ref('stg_recovery_cases') }} as cases on held.case_id = cases.case_id
where {{ only_scoped('cases.account_id') }}

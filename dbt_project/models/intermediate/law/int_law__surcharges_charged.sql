-- Surcharges as they were claimed, with the quarter or year end that their notice looks back on (none for companies).
select
    charge_id,
    account_id,
    charge_type,
    contribution_year,
    nature,
    related_charge_id,
    issue_date,
    surcharge_fall_date(charge_type, issue_date) as fall_date,
    gross_amount,
    cancelled_amount
from {{ ref('fct_charges') }}
where charge_type in ('surcharge_quarterly', 'surcharge_annual', 'company_surcharge') and in_slice(account_id)

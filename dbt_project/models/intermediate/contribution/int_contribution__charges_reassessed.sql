-- Charges that have a legal amount, with what was cancelled of them.
select
    charge_number,
    account_key,
    charge_type,
    cast(contribution_year as smallint) as contribution_year,
    cast(contribution_quarter as tinyint) as contribution_quarter,
    category,
    issue_date,
    gross_amount,
    cancelled_amount
from {{ ref('fct_charges_ledger') }}
where charge_type in ('provisional', 'regularisation', 'company_contribution') and {{ only_reassessed('account_id') }}

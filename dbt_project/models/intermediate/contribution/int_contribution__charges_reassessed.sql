-- Charges that have a legal amount, with what was cancelled of them.
select
    charge_number,
    account_key,
    claim_code,
    charge_type,
    contribution_year,
    contribution_quarter,
    category,
    issue_date,
    gross_amount,
    cancelled_amount
from {{ charges_in_scope() }}
where
    {{ has_legal_amount('charge_type') }}
    and {{ only_reassessed_keys('account_key') }}
    and {{ in_slice('account_key') }}

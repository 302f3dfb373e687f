select
    'SC34' as code,
    charge_id as item_key,
    account_id,
    issue_date as quarter_date,
    issue_date as started_date,
    difference_amount = 0 as is_right,
    difference_amount as amount
from {{ ref('fct_charges') }}
where charge_type = 'company_contribution' and expected_amount is not null

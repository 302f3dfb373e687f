select
    'SC14' as code,
    claim_id as item_key,
    affiliate_id as account_id,
    decision_date as quarter_date,
    submitted_date as started_date,
    decision_date as done_date,
    reasons_and_appeal_stated as is_right,
    benefit as breakdown_code
from {{ ref('fct_claims') }}
where decision = 'refused' and decision_date <= as_of_date()

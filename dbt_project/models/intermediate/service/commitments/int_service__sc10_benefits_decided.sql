select
    'SC10' as code,
    claim_id as item_key,
    affiliate_id as account_id,
    decision_date as quarter_date,
    coalesce(complete_date, submitted_date) as started_date,
    charter_limit_date as deadline_date,
    decision_date as done_date,
    true as is_right,
    decision_days as duration_days,
    benefit as breakdown_code
from {{ ref('fct_claims') }}
where coalesce(decision, '') <> 'withdrawn' and decision_date <= as_of_date()

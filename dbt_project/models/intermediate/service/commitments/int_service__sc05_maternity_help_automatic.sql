select
    'SC05' as code,
    claim_id as item_key,
    affiliate_id as account_id,
    decision_date as quarter_date,
    event_date as started_date,
    decision_date as done_date,
    initiated_by = 'automatic' as is_right,
    datediff('day', event_date, decision_date) as duration_days
from {{ ref('stg_benefit_claims') }}
where
    benefit = 'maternity_help'
    and decision in ('granted', 'partial')
    and decision_date <= as_of_date()

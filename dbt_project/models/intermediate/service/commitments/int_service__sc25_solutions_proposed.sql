with requests as (
    select
        plan_id as request_id,
        account_id,
        'payment_plan' as kind,
        requested_date,
        decision_date,
        decision
    from {{ ref('stg_payment_plans') }}
    union all
    select
        request_id,
        account_id,
        kind,
        submitted_date as requested_date,
        decision_date,
        decision
    from {{ ref('stg_relief_requests') }}
)

-- Granted among what was decided; a refusal is no lapse, so nothing is listed.
select
    'SC25' as code,
    account_id,
    decision_date as quarter_date,
    requested_date as started_date,
    decision_date as done_date,
    decision in ('granted', 'partial') as is_right,
    datediff('day', requested_date, decision_date) as duration_days,
    kind as breakdown_code
from requests
where decision_date <= as_of_date() and decision <> 'withdrawn'
union all by name
-- Decided among what was asked.
select
    'SC25C' as code,
    request_id as item_key,
    account_id,
    requested_date as quarter_date,
    requested_date as started_date,
    decision_date as done_date,
    decision_date <= as_of_date() as is_right,
    kind as breakdown_code
from requests
where requested_date <= as_of_date()

with requests as (
    select
        plan_id as request_id,
        account_id,
        'payment_plan' as kind,
        requested_date,
        case when decision_date <= {{ as_of_date() }} then decision_date end as decision_date,
        decision
    from {{ ref('stg_payment_plans') }}
    union all
    select
        request_id,
        account_id,
        kind,
        submitted_date as requested_date,
        case when decision_date <= {{ as_of_date() }} then decision_date end as decision_date,
        decision
    from {{ ref('stg_relief_requests') }}
),

items as (
    -- Granted among what was decided; a refusal is no lapse, so nothing is listed.
    select
        'SC25' as code,
        null as item_key,
        account_id,
        decision_date as quarter_date,
        requested_date as started_date,
        null as deadline_date,
        decision_date as done_date,
        decision in ('granted', 'partial') as is_right,
        datediff('day', requested_date, decision_date) as duration_days,
        kind as breakdown_code
    from requests
    where decision_date is not null and decision <> 'withdrawn'
    union all
    -- Decided among what was asked.
    select
        'SC25C' as code,
        request_id as item_key,
        account_id,
        requested_date as quarter_date,
        requested_date as started_date,
        null as deadline_date,
        decision_date as done_date,
        decision_date is not null as is_right,
        null as duration_days,
        kind as breakdown_code
    from requests
    where requested_date <= {{ as_of_date() }}
)

{{ commitment_tallies('items', ['is_right', 'duration_days', 'breakdown_code']) }}

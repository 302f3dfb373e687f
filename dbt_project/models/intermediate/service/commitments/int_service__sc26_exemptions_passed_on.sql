select
    'SC26' as code,
    request_id as item_key,
    account_id,
    complete_date as quarter_date,
    complete_date as started_date,
    {{ working_days_added('complete_date', 5) }} as deadline_date,
    {{ last_day_within('complete_date', 5) }} as counted_until_date,
    transmitted_date as done_date,
    true as is_right
from {{ ref('stg_relief_requests') }}
where
    kind = 'exemption'
    and complete_date <= as_of_date()
    -- One that was taken back before it left has nothing to pass on.
    and not (coalesce(decision, '') = 'withdrawn' and transmitted_date is null)

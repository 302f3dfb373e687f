select
    'SC19' as code,
    request_id as item_key,
    affiliate_id as account_id,
    submitted_date as quarter_date,
    submitted_date as started_date,
    {{ working_days_added('submitted_date', 5) }} as deadline_date,
    {{ last_day_within('submitted_date', 5) }} as counted_until_date,
    transmitted_date as done_date,
    true as is_right,
    kind as breakdown_code
from {{ ref('stg_insurance_requests') }}

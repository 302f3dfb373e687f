select
    plan_id,
    account_id,
    requested_date,
    decision_date,
    decision,
    status,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'payment_plans') }}

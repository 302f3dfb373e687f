select
    plan_id,
    instalment_no,
    due_date,
    amount,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'plan_instalments') }}

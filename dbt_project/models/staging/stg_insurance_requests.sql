select
    request_id,
    affiliate_id,
    kind,
    submitted_date,
    transmitted_date,
    decision_date,
    decision,
    from_quarter,
    to_quarter,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'insurance_requests') }}

select
    request_id,
    charge_id,
    effective_date,
    amount,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'relief_effects') }}

select
    case_id,
    charge_id,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'recovery_case_charges') }}

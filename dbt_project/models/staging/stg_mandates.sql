select
    mandate_id,
    affiliate_id,
    company_id,
    role,
    start_date,
    end_date,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'mandates') }}

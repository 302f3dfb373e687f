select
    period,
    ledger_line,
    amount,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'ledger_totals') }}

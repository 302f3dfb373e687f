select
    movement_id,
    overpayment_id,
    movement_date,
    kind,
    amount,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'overpayment_movements') }}

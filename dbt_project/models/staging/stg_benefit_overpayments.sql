select
    overpayment_id,
    claim_id,
    established_date,
    notified_date,
    amount,
    cause,
    reasons_stated,
    appeal_stated,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'benefit_overpayments') }}

select
    contact_id,
    account_id,
    kind,
    topic,
    channel,
    received_at,
    first_answer_at,
    closed_at,
    outcome,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'contacts') }}

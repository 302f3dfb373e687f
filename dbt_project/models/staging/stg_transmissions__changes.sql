{{ config(materialized='table') }}

select
    transmission_id,
    flow,
    recipient,
    account_id,
    period,
    due_date,
    sent_date,
    status,
    rejection_reason,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'transmissions__changes') }}

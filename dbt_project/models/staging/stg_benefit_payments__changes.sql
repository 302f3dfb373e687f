{{ config(materialized='table') }}

select
    benefit_payment_id,
    claim_id,
    period_start,
    period_end,
    unit,
    units,
    amount,
    due_date,
    paid_date,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'benefit_payments__changes') }}

{{ config(materialized='table') }}

select
    payment_id,
    account_id,
    value_date,
    amount,
    channel,
    charge_id,
    structured_communication,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'payments__changes') }}

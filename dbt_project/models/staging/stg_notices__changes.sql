{{ config(materialized='table') }}

select
    notice_id,
    account_id,
    kind,
    charge_id,
    latest_date,
    sent_date,
    channel,
    corrected_by,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'notices__changes') }}

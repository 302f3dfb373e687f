{{ config(materialized='table') }}

select
    request_id,
    charge_id,
    effective_date,
    amount,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'relief_effects__changes') }}

{{ config(materialized='table') }}

select
    case_id,
    charge_id,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'recovery_case_charges__changes') }}

{{ config(materialized='table') }}

select
    case_id,
    account_id,
    opened_date,
    closed_date,
    closing_reason,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'recovery_cases__changes') }}

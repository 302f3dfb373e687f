{{ config(materialized='table') }}

select
    request_id,
    account_id,
    kind,
    submitted_date,
    complete_date,
    transmitted_date,
    decision_date,
    decision,
    from_quarter,
    to_quarter,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'relief_requests__changes') }}

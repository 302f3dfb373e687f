{{ config(materialized='table') }}

select
    step_id,
    case_id,
    step_type,
    step_date,
    agent_id,
    amount_claimed,
    costs,
    outcome,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'recovery_steps__changes') }}

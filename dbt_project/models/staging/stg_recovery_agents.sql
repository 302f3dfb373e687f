select
    agent_id,
    agent_type,
    district,
    _delivery_id,
    _business_date,
    _line_number
from {{ source('raw', 'recovery_agents') }}

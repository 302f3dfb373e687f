select
    step_id,
    case_id,
    account_id,
    step_type,
    step_date,
    agent_id,
    outcome,
    cast(amount_claimed as decimal(18, 2)) as claimed_amount,
    cast(costs as decimal(18, 2)) as cost_amount
from {{ ref('int_recovery__steps_dated') }}

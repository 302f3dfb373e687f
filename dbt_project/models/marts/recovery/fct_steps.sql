-- Steps up to the as-of date; later ones are plans, not facts (C5).
select
    steps.step_id,
    steps.case_id,
    cases.account_id,
    steps.step_type,
    steps.step_date,
    steps.agent_id,
    steps.outcome,
    cast(steps.amount_claimed as decimal(18, 2)) as claimed_amount,
    cast(steps.costs as decimal(18, 2)) as cost_amount
from {{ ref('stg_recovery_steps') }} as steps
inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
where steps.step_date <= as_of_date()

{{ config(materialized='view') }}
-- Steps with their rank among the stages.
select
    steps.step_id,
    steps.case_id,
    steps.account_id,
    steps.step_type,
    ranked.stage_rank,
    coalesce(ranked.is_judicial, false) as is_judicial,
    steps.step_date,
    steps.agent_id,
    steps.claimed_amount,
    steps.cost_amount,
    steps.outcome
from {{ ref('fct_steps') }} as steps
left join {{ ref('recovery_stages') }} as ranked on steps.step_type = ranked.stage

{{ config(materialized='view') }}
-- Steps with the place of their type in the procedure; empty for what does not change the stage (C5).
select
    steps.step_id,
    steps.case_id,
    steps.account_id,
    steps.step_type,
    steps.step_date,
    steps.agent_id,
    steps.outcome,
    ranked.stage_rank,
    coalesce(ranked.is_judicial, false) as is_judicial
from {{ ref('fct_steps') }} as steps
left join {{ ref('recovery_stages') }} as ranked on steps.step_type = ranked.stage

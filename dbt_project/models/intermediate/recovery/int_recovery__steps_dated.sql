-- Steps up to the as-of date; later ones are plans, not facts (C5).
select
    steps.step_id,
    steps.case_id,
    cases.account_id,
    steps.step_type,
    ranked.stage_rank,
    coalesce(ranked.is_judicial, false) as is_judicial,
    steps.step_date,
    steps.agent_id,
    steps.amount_claimed,
    steps.costs,
    steps.outcome
from {{ ref('stg_recovery_steps') }} as steps
inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
left join {{ ref('recovery_stages') }} as ranked on steps.step_type = ranked.stage
where steps.step_date <= {{ as_of_date() }}

-- C8: each stage that a case opened by the as-of date reached, in the order of the procedure; `none` is its opening.
with steps_reached as (
    select
        case_id,
        stage_rank,
        min(step_date) as first_date
    from {{ ref('int_recovery__steps_dated') }}
    where stage_rank is not null
    group by case_id, stage_rank
),

-- From the first step of the highest lower-ranked stage reached on or before that day.
predecessors as (
    select
        reached.case_id,
        reached.stage_rank,
        arg_max(earlier.first_date, earlier.stage_rank) as previous_date
    from steps_reached as reached
    inner join steps_reached as earlier
        on
            reached.case_id = earlier.case_id
            and reached.stage_rank > earlier.stage_rank
            and reached.first_date >= earlier.first_date
    group by reached.case_id, reached.stage_rank
),

reached as (
    select
        cases.case_id,
        cases.opened_date,
        0 as stage_rank,
        cast(null as integer) as days_from_previous
    from {{ ref('stg_recovery_cases') }} as cases
    where cases.opened_date <= as_of_date()
    union all
    select
        cases.case_id,
        cases.opened_date,
        steps_reached.stage_rank,
        greatest(steps_reached.first_date - coalesce(predecessors.previous_date, cases.opened_date), 0)
            as days_from_previous
    from steps_reached
    inner join {{ ref('stg_recovery_cases') }} as cases on steps_reached.case_id = cases.case_id
    left join predecessors
        on steps_reached.case_id = predecessors.case_id and steps_reached.stage_rank = predecessors.stage_rank
    where cases.opened_date <= as_of_date()
),

collected as (
    select
        case_id,
        stage_rank,
        sum(collected_amount) as collected_amount
    from {{ ref('int_recovery__case_receipts') }}
    group by case_id, stage_rank
)

select
    reached.case_id,
    reached.opened_date,
    ranked.stage,
    reached.stage_rank,
    reached.days_from_previous,
    cast(coalesce(collected.collected_amount, 0) as decimal(18, 2)) as collected_amount
from reached
inner join {{ ref('recovery_stages') }} as ranked on reached.stage_rank = ranked.stage_rank
left join collected on reached.case_id = collected.case_id and reached.stage_rank = collected.stage_rank

{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped'
) }}

with reached as (
    select
        case_id,
        stage_rank,
        min(step_date) as first_date
    from {{ ref('int_recovery__steps_dated') }}
    where stage_rank is not null and {{ only_scoped('account_id') }}
    group by case_id, stage_rank
),

-- Ruling C8: from the highest lower-ranked stage reached on or before that day, else from the opening; never below 0.
predecessors as (
    select
        reached.case_id,
        reached.stage_rank,
        arg_max(earlier.first_date, earlier.stage_rank) as previous_date
    from reached
    inner join reached as earlier
        on
            reached.case_id = earlier.case_id
            and reached.stage_rank > earlier.stage_rank
            and reached.first_date >= earlier.first_date
    group by reached.case_id, reached.stage_rank
),

-- Money in the stage at the end of its day. What came in before the opening or after the closing is not the case's.
collected as (
    select
        held_stages.case_id,
        held_stages.stage_rank,
        sum(allocations.collected_amount) as collected_amount
    from {{ ref('int_recovery__case_allocations') }} as allocations
    inner join {{ ref('recovery_case_stages') }} as held_stages
        on
            allocations.case_id = held_stages.case_id
            and allocations.value_date >= held_stages.from_date
            and (held_stages.before_date is null or allocations.value_date < held_stages.before_date)
            and (held_stages.closed_date is null or allocations.value_date <= held_stages.closed_date)
    group by held_stages.case_id, held_stages.stage_rank
),

-- A case is in a stage once: with the opening, as one that reached it, as one that money came in at.
entries as (
    select
        cases.case_id,
        cases.account_id,
        cases.opened_date,
        0 as stage_rank,
        cast(null as integer) as days_taken
    from {{ ref('stg_recovery_cases') }} as cases
    where cases.opened_date <= {{ as_of_date() }} and {{ only_scoped('cases.account_id') }}
    union all
    select
        cases.case_id,
        cases.account_id,
        cases.opened_date,
        reached.stage_rank,
        greatest(
            datediff('day', coalesce(predecessors.previous_date, cases.opened_date), reached.first_date), 0
        ) as days_taken
    from reached
    inner join {{ ref('stg_recovery_cases') }} as cases on reached.case_id = cases.case_id
    left join predecessors
        on reached.case_id = predecessors.case_id and reached.stage_rank = predecessors.stage_rank
    where cases.opened_date <= {{ as_of_date() }} and {{ only_scoped('cases.account_id') }}
)

select
    entries.account_id,
    entries.case_id,
    {{ quarter_index('entries.opened_date') }} as opened_index,
    cast(entries.stage_rank as tinyint) as stage_rank,
    cast(entries.days_taken as integer) as days_taken,
    cast(coalesce(collected.collected_amount, 0) as decimal(18, 2)) as collected_amount
from entries
left join collected on entries.case_id = collected.case_id and entries.stage_rank = collected.stage_rank

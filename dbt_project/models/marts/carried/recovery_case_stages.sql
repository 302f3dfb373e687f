{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped'
) }}
-- Definitions section 4: the stage of a case is its highest-ranked step so far; ruling C3: a case counts from its
-- opening, with the steps that were taken before it. One row each time the stage rises.
with cases as (
    select
        case_id,
        account_id,
        opened_date,
        closed_date
    from {{ ref('stg_recovery_cases') }}
    where {{ only_scoped('account_id') }}
),

steps as (
    select
        steps.case_id,
        greatest(steps.step_date, cases.opened_date) as from_date,
        steps.stage_rank
    from {{ ref('int_recovery__steps_dated') }} as steps
    inner join cases on steps.case_id = cases.case_id
    -- Steps outside the order do not change the stage (C5).
    where steps.stage_rank is not null and {{ only_scoped('steps.account_id') }}
    union all
    select
        case_id,
        opened_date as from_date,
        0 as stage_rank
    from cases
),

daily as (
    select
        case_id,
        from_date,
        max(stage_rank) as stage_rank
    from steps
    group by case_id, from_date
),

rising as (
    select
        case_id,
        from_date,
        stage_rank
    from daily
    qualify
        stage_rank > coalesce(max(stage_rank) over (
            partition by case_id
            order by from_date
            rows between unbounded preceding and 1 preceding
        ), -1)
)

select
    rising.case_id,
    cases.account_id,
    cases.opened_date,
    case when cases.closed_date <= {{ as_of_date() }} then cases.closed_date end as closed_date,
    rising.from_date,
    lead(rising.from_date) over (partition by rising.case_id order by rising.from_date) as before_date,
    cast(rising.stage_rank as tinyint) as stage_rank
from rising
inner join cases on rising.case_id = cases.case_id
where cases.opened_date <= {{ as_of_date() }}

-- Each step stands for the case until the next one: the quarter ends between the two, while the case is open and
-- judicial, are looked at once. The as-of date is looked at when it ends no quarter.
with plan as (
    select as_of_date from {{ source('raw', '_plan') }}
),

steps as (
    select
        steps.case_id,
        steps.step_date,
        warned.account_id,
        warned.closed_date,
        warned.first_judicial_date,
        -- The agent in charge is the last one named.
        last_value(steps.agent_id ignore nulls) over (
            partition by steps.case_id
            order by steps.step_date, steps.step_id
            rows between unbounded preceding and current row
        ) as agent_id,
        lead(steps.step_date) over (
            partition by steps.case_id
            order by steps.step_date, steps.step_id
        ) as next_step_date
    from {{ ref('stg_recovery_steps') }} as steps
    inner join {{ ref('int_service__cases_warned') }} as warned on steps.case_id = warned.case_id
    where steps.step_date <= (select plan.as_of_date from plan)
),

-- From the day of the step to the day before the next step, the closing or the as-of date at the latest.
spans as (
    select
        steps.case_id,
        steps.account_id,
        steps.agent_id,
        steps.step_date,
        greatest(steps.step_date, steps.first_judicial_date) as from_date,
        least(
            coalesce({{ days_added('steps.next_step_date', -1) }}, plan.as_of_date),
            coalesce({{ days_added('steps.closed_date', -1) }}, plan.as_of_date),
            plan.as_of_date
        ) as to_date
    from steps
    cross join plan
),

observed as (
    select
        case_id,
        account_id,
        agent_id,
        step_date,
        to_date,
        {{ integers_between(quarter_index('from_date'), quarter_index('to_date')) }} as quarter
    from spans
    where from_date <= to_date
),

dated as (
    select
        observed.*,
        least({{ quarter_index_end('observed.quarter') }}, plan.as_of_date) as observed_date
    from observed
    cross join plan
),

items as (
    select
        'SC30' as code,
        dated.case_id as item_key,
        dated.account_id,
        dated.observed_date as quarter_date,
        dated.step_date as started_date,
        null as deadline_date,
        cast(null as date) as done_date,
        datediff('day', dated.step_date, dated.observed_date) <= 90 as is_right,
        datediff('day', dated.step_date, dated.observed_date) - 90 as days_over,
        agents.agent_type as breakdown_code
    from dated
    left join {{ ref('stg_recovery_agents') }} as agents on dated.agent_id = agents.agent_id
    where dated.observed_date <= dated.to_date
)

{{ commitment_tallies('items', ['is_right', 'days_over', 'breakdown_code']) }}

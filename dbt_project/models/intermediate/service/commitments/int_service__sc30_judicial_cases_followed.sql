-- Each step stands for the case until the next one: the quarter ends between the two, while the case is open and
-- judicial, are looked at once. The as-of date is looked at when it ends no quarter.
with steps as (
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
    where steps.step_date <= as_of_date()
),

-- From the day of the step to the day before the next step, the closing or the as-of date at the latest.
spans as (
    select
        case_id,
        account_id,
        agent_id,
        step_date,
        greatest(step_date, first_judicial_date) as from_date,
        least(
            coalesce(next_step_date - 1, as_of_date()),
            coalesce(closed_date - 1, as_of_date()),
            as_of_date()
        ) as to_date
    from steps
),

quarters as (
    select
        case_id,
        account_id,
        agent_id,
        step_date,
        to_date,
        unnest(range(quarter_index(from_date), quarter_index(to_date) + 1)) as quarter
    from spans
    where from_date <= to_date
),

observed as (
    select
        *,
        least(quarter_index_end(quarter), as_of_date()) as observed_date
    from quarters
)

select
    'SC30' as code,
    observed.case_id as item_key,
    observed.account_id,
    observed.observed_date as quarter_date,
    observed.step_date as started_date,
    datediff('day', observed.step_date, observed.observed_date) <= 90 as is_right,
    datediff('day', observed.step_date, observed.observed_date) - 90 as days_over,
    agents.agent_type as breakdown_code
from observed
left join {{ ref('stg_recovery_agents') }} as agents on observed.agent_id = agents.agent_id
where observed.observed_date <= observed.to_date

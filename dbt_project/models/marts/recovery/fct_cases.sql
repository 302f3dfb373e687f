-- C7
with amounts as (
    select
        case_id,
        sum(net_amount) filter (where is_contribution(charge_type)) as principal_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('int_recovery__case_charges') }}
    group by case_id
),

steps as (
    select
        case_id,
        max(step_date) as last_step_date,
        max(stage_rank) as stage_rank,
        arg_max(agent_id, (step_date, step_id)) filter (where agent_id is not null) as agent_id,
        count(*) filter (where step_type = 'proactive_contact' and coalesce(outcome, '') <> 'not_reached')
            as contacts
    from {{ ref('int_recovery__steps_dated') }}
    group by case_id
),

stage_dates as (
    select
        case_id,
        stage_rank,
        min(step_date) as stage_date
    from {{ ref('int_recovery__steps_dated') }}
    where stage_rank is not null
    group by case_id, stage_rank
),

-- C6: of the account, over all its cases.
judicial as (
    select
        account_id,
        min(step_date) as first_judicial_date
    from {{ ref('int_recovery__steps_dated') }}
    where is_judicial
    group by account_id
),

contacted as (
    select distinct judicial.account_id
    from judicial
    inner join {{ ref('fct_steps') }} as steps on judicial.account_id = steps.account_id
    where
        steps.step_type = 'proactive_contact'
        and coalesce(steps.outcome, '') <> 'not_reached'
        and datediff('day', steps.step_date, judicial.first_judicial_date) between 1 and 180
)

select
    cases.case_id,
    cases.account_id,
    account_type(cases.account_id) as account_type,
    cases.opened_date,
    cases.closed_date,
    cases.closing_reason,
    held_stages.stage,
    case when held_stages.stage_rank = 0 then cases.opened_date else stage_dates.stage_date end as stage_date,
    judicial.first_judicial_date,
    case
        when judicial.account_id is null then coalesce(steps.contacts, 0) > 0
        else contacted.account_id is not null
    end as had_proactive_contact,
    cast(coalesce(amounts.principal_amount, 0) as decimal(18, 2)) as principal_amount,
    cast(coalesce(amounts.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
    steps.last_step_date,
    steps.agent_id
from {{ ref('stg_recovery_cases') }} as cases
left join steps on cases.case_id = steps.case_id
inner join {{ ref('recovery_stages') }} as held_stages on coalesce(steps.stage_rank, 0) = held_stages.stage_rank
left join stage_dates on cases.case_id = stage_dates.case_id and steps.stage_rank = stage_dates.stage_rank
left join judicial on cases.account_id = judicial.account_id
left join contacted on cases.account_id = contacted.account_id
left join amounts on cases.case_id = amounts.case_id

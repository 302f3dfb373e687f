-- The worklist against that of the last release: who is new on it, and who is gone and why. The first that holds is
-- named: something was paid, a plan was granted, a step was taken, a case was closed; else no rule names the account
-- any more, because a delay is over or what the rule looked at has changed. Nothing without a release to compare with.
with previous_release as (
    select max(business_date) as since_date
    from {{ source('previous_meta', 'release') }}
),

was_listed as (
    select
        account_id,
        reason,
        next_action,
        priority
    from {{ source('previous_recovery', 'mart_worklist') }}
),

appeared as (
    select
        listed.account_id,
        listed.reason,
        listed.next_action,
        listed.priority
    from {{ ref('mart_worklist') }} as listed
    inner join previous_release on previous_release.since_date is not null
    left join was_listed on listed.account_id = was_listed.account_id
    where was_listed.account_id is null
),

new_payments as (
    select distinct
        payment_id,
        account_id,
        payment_amount
    from {{ ref('mart_new_payments') }}
),

paid as (
    select account_id
    from new_payments
    group by account_id
    having sum(payment_amount) > 0
),

with_plan as (
    select distinct plans_now.account_id
    from {{ ref('mart_plans') }} as plans_now
    left join {{ source('previous_recovery', 'mart_plans') }} as plans_before
        on plans_now.plan_id = plans_before.plan_id
    where plans_now.start_date is not null and plans_before.start_date is null
),

stepped as (
    select distinct steps.account_id
    from {{ ref('fct_steps') }} as steps
    left join {{ source('previous_recovery', 'fct_steps') }} as steps_before on steps.step_id = steps_before.step_id
    where steps_before.step_id is null
),

closed as (
    select distinct cases.account_id
    from {{ ref('fct_cases') }} as cases
    inner join previous_release on cases.closed_date > previous_release.since_date
    where cases.closed_date <= as_of_date()
),

gone as (
    select
        was_listed.*,
        case
            when paid.account_id is not null then 'paid'
            when with_plan.account_id is not null then 'plan'
            when stepped.account_id is not null then 'step'
            when closed.account_id is not null then 'closed'
            else 'no_rule'
        end as cause
    from was_listed
    left join {{ ref('mart_worklist') }} as listed on was_listed.account_id = listed.account_id
    left join paid on was_listed.account_id = paid.account_id
    left join with_plan on was_listed.account_id = with_plan.account_id
    left join stepped on was_listed.account_id = stepped.account_id
    left join closed on was_listed.account_id = closed.account_id
    where listed.account_id is null
),

changes as (
    select
        account_id,
        'appeared' as movement,
        cast(null as varchar) as cause,
        reason,
        next_action,
        priority
    from appeared
    union all
    select
        account_id,
        'gone' as movement,
        cause,
        reason,
        next_action,
        priority
    from gone
)

select
    previous_release.since_date,
    changes.account_id,
    account_type(changes.account_id) as account_type,
    changes.movement,
    changes.cause,
    changes.reason,
    changes.next_action,
    changes.priority,
    cast(coalesce(balances.outstanding_amount, 0) as decimal(18, 2)) as outstanding_amount,
    assigned.office_code,
    assigned.agent_id
from changes
cross join previous_release
left join {{ ref('fct_account_balances') }} as balances on changes.account_id = balances.account_id
left join {{ ref('int_recovery__accounts_assigned') }} as assigned on changes.account_id = assigned.account_id

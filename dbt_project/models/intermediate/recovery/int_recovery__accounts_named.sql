-- Every account that a rule of the worklist names, with the date that matters and the amount at stake; one row per
-- rule and account, the most pressing occurrence. What a rule names:
--   payment_after_writ   an open case whose latest step is a writ, and money within so many days after it, as recent
--   prescription_near    something outstanding that prescribes within so many months
--   claim_deadline_near  an insolvency without claim whose last day to claim is at most so many days away
--   contact_owed         an open case in formal notice or registered letter of an account that never had a judicial
--                        step and that nobody reached in so many days
--   plan_missed          a plan broken by a missed instalment, and no step since
--   statement_overdue    an account statement that had to be sent by now
--   dormant_case         an open case without a step for so many days, even one with nothing left: it is to be closed
-- H7: due_by follows from the event alone, so that a task is due on the same day in every release that names it; how
-- many days are left is for the day on which somebody looks (dashboards).
with rules as (
    select *
    from {{ ref('worklist_rules') }}
    where is_active
),

open_cases as (
    select
        cases.*,
        held_stages.stage_rank,
        held_stages.next_action
    from {{ ref('fct_cases') }} as cases
    inner join {{ ref('recovery_stages') }} as held_stages on cases.stage = held_stages.stage
    where
        cases.opened_date <= as_of_date()
        and (cases.closed_date is null or cases.closed_date > as_of_date())
),

latest_steps as (
    select
        case_id,
        arg_max(step_type, (step_date, coalesce(stage_rank, 0), step_id)) as step_type,
        max(step_date) as step_date
    from {{ ref('int_recovery__steps_dated') }}
    group by case_id
),

account_steps as (
    select
        account_id,
        max(step_date) as last_step_date,
        max(step_date) filter (
            where step_type = 'proactive_contact' and coalesce(outcome, '') <> 'not_reached'
        ) as last_contact_date
    from {{ ref('int_recovery__steps_dated') }}
    group by account_id
),

payments_after_writs as (
    select
        open_cases.account_id,
        'payment_after_writ' as reason,
        open_cases.case_id,
        cast(null as varchar) as next_action,
        payments.value_date as due_by,
        payments.value_date as event_date,
        latest_steps.step_date as since_date,
        payments.amount as event_amount
    from open_cases
    inner join latest_steps on open_cases.case_id = latest_steps.case_id
    inner join {{ ref('stg_payments') }} as payments on open_cases.account_id = payments.account_id
    inner join rules on rules.reason = 'payment_after_writ'
    where
        latest_steps.step_type in ('writ_issued', 'writ_served')
        and payments.amount > 0
        and payments.value_date <= as_of_date()
        and datediff('day', latest_steps.step_date, payments.value_date) between 0 and rules.within_days
        and datediff('day', payments.value_date, as_of_date()) <= rules.within_days
),

prescriptions as (
    select
        charges.account_id,
        'prescription_near' as reason,
        cast(null as varchar) as case_id,
        cast(null as varchar) as next_action,
        min(charges.prescription_date) - 1 as due_by,
        min(charges.prescription_date) as event_date,
        cast(null as date) as since_date,
        sum(charges.outstanding_amount) as event_amount
    from {{ ref('fct_open_charges') }} as charges
    inner join rules on rules.reason = 'prescription_near'
    where
        charges.prescription_date > as_of_date()
        and charges.prescription_date <= months_added(as_of_date(), rules.within_months)
    group by charges.account_id
),

claims as (
    select
        insolvencies.account_id,
        'claim_deadline_near' as reason,
        cast(null as varchar) as case_id,
        cast(null as varchar) as next_action,
        insolvencies.claim_deadline as due_by,
        insolvencies.claim_deadline as event_date,
        cast(null as date) as since_date,
        balances.outstanding_amount as event_amount
    from {{ ref('stg_insolvencies') }} as insolvencies
    inner join {{ ref('fct_account_balances') }} as balances on insolvencies.account_id = balances.account_id
    inner join rules on rules.reason = 'claim_deadline_near'
    where
        balances.outstanding_amount > 0
        and datediff('day', as_of_date(), insolvencies.claim_deadline) between 0 and rules.within_days
        and (insolvencies.claim_filed_date is null or insolvencies.claim_filed_date > as_of_date())
        and (insolvencies.closed_date is null or insolvencies.closed_date > as_of_date())
),

contacts as (
    select
        open_cases.account_id,
        'contact_owed' as reason,
        open_cases.case_id,
        cast(null as varchar) as next_action,
        months_added(open_cases.stage_date, 1) as due_by,
        open_cases.stage_date as event_date,
        cast(null as date) as since_date,
        open_cases.outstanding_amount as event_amount
    from open_cases
    inner join rules on rules.reason = 'contact_owed'
    left join account_steps on open_cases.account_id = account_steps.account_id
    where
        open_cases.stage in ('formal_notice', 'registered_letter')
        and open_cases.outstanding_amount > 0
        and open_cases.first_judicial_date is null
        and (
            account_steps.last_contact_date is null
            or datediff('day', account_steps.last_contact_date, as_of_date()) > rules.within_days
        )
),

plans as (
    select
        kept_plans.account_id,
        'plan_missed' as reason,
        cast(null as varchar) as case_id,
        cast(null as varchar) as next_action,
        kept_plans.broken_date as due_by,
        kept_plans.broken_date as event_date,
        cast(null as date) as since_date,
        balances.outstanding_amount as event_amount
    from {{ ref('mart_plans') }} as kept_plans
    inner join {{ ref('fct_account_balances') }} as balances on kept_plans.account_id = balances.account_id
    left join account_steps on kept_plans.account_id = account_steps.account_id
    where
        kept_plans.status = 'broken'
        and balances.outstanding_amount > 0
        and (account_steps.last_step_date is null or account_steps.last_step_date < kept_plans.broken_date)
),

statements as (
    select
        account_id,
        'statement_overdue' as reason,
        cast(null as varchar) as case_id,
        cast(null as varchar) as next_action,
        latest_date as due_by,
        latest_date as event_date,
        cast(null as date) as since_date,
        cast(0 as decimal(18, 2)) as event_amount
    from {{ ref('stg_notices') }}
    where
        kind = 'account_statement'
        and latest_date < as_of_date()
        and (sent_date is null or sent_date > as_of_date())
),

dormant as (
    select
        open_cases.account_id,
        'dormant_case' as reason,
        open_cases.case_id,
        -- Nothing left to recover: what is missing is the closing.
        case when open_cases.outstanding_amount > 0 then open_cases.next_action else 'close_case' end as next_action,
        coalesce(open_cases.last_step_date, open_cases.opened_date) + rules.within_days as due_by,
        coalesce(open_cases.last_step_date, open_cases.opened_date) as event_date,
        cast(null as date) as since_date,
        open_cases.outstanding_amount as event_amount
    from open_cases
    inner join rules on rules.reason = 'dormant_case'
    where
        datediff('day', coalesce(open_cases.last_step_date, open_cases.opened_date), as_of_date())
        >= rules.within_days
),

named as (
    select * from payments_after_writs
    union all
    select * from prescriptions
    union all
    select * from claims
    union all
    select * from contacts
    union all
    select * from plans
    union all
    select * from statements
    union all
    select * from dormant
)

select
    named.account_id,
    named.reason,
    named.case_id,
    coalesce(named.next_action, rules.next_action) as next_action,
    named.due_by,
    named.event_date,
    named.since_date,
    cast(named.event_amount as decimal(18, 2)) as event_amount,
    rules.weight,
    rules.within_days,
    rules.explanation_fr,
    rules.explanation_nl
from named
inner join rules on named.reason = rules.reason
qualify row_number() over (
    partition by named.account_id, named.reason
    order by named.due_by asc, named.event_date desc, named.case_id asc
) = 1

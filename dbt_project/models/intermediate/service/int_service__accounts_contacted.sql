-- Ruling C6: a personal contact that reached somebody, 1 to 180 days before the first judicial step of the account, on
-- whichever of its cases.
with first_steps as (
    select
        account_id,
        min(first_judicial_date) as first_judicial_date
    from {{ ref('int_service__cases_warned') }}
    group by account_id
),

contacts as (
    select
        first_steps.account_id,
        max(steps.step_date) as contact_date
    from {{ ref('stg_recovery_steps') }} as steps
    inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
    inner join first_steps on cases.account_id = first_steps.account_id
    where
        steps.step_type = 'proactive_contact'
        and coalesce(steps.outcome, '') <> 'not_reached'
        and steps.step_date < first_steps.first_judicial_date
    group by first_steps.account_id
)

select
    first_steps.account_id,
    first_steps.first_judicial_date,
    contacts.contact_date,
    coalesce(datediff('day', contacts.contact_date, first_steps.first_judicial_date) <= 180, false) as is_contacted
from first_steps
left join contacts on first_steps.account_id = contacts.account_id

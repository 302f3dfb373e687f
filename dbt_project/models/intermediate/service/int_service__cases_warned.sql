-- Definitions, section 4: the first judicial step is the earliest of these three. What is dated after the as-of date
-- has not happened.
with steps as (
    select
        case_id,
        min(step_date) filter (where step_type in ('writ_issued', 'writ_served', 'summons')) as first_judicial_date,
        min(step_date) filter (where step_type = 'reminder') as reminder_date,
        min(step_date) filter (where step_type = 'formal_notice') as formal_notice_date,
        min(step_date) filter (where step_type = 'registered_letter') as registered_letter_date
    from {{ ref('stg_recovery_steps') }}
    where step_date <= as_of_date()
    group by case_id
)

-- E3, SC27: all three warnings, each strictly before it.
select
    cases.case_id,
    cases.account_id,
    cases.opened_date,
    cases.closed_date,
    steps.first_judicial_date,
    coalesce(
        steps.reminder_date < steps.first_judicial_date
        and steps.formal_notice_date < steps.first_judicial_date
        and steps.registered_letter_date < steps.first_judicial_date,
        false
    ) as is_warned
from steps
inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
where steps.first_judicial_date is not null

-- Definitions, section 4: the first judicial step is the earliest of these three. What is dated after the as-of date
-- has not happened.
{% set judicial = "step_type in ('writ_issued', 'writ_served', 'summons')" %}
with steps as (
    select
        case_id,
        min(step_date) filter (where {{ judicial }}) as first_judicial_date,
        min(step_date) filter (where step_type = 'reminder') as reminder_date,
        min(step_date) filter (where step_type = 'formal_notice') as formal_notice_date,
        min(step_date) filter (where step_type = 'registered_letter') as registered_letter_date
    from {{ ref('stg_recovery_steps') }}
    where step_date <= {{ as_of_date() }}
    group by case_id
)

select
    cases.case_id,
    cases.account_id,
    cases.opened_date,
    cases.closed_date,
    steps.first_judicial_date,
    steps.reminder_date,
    steps.formal_notice_date,
    steps.registered_letter_date,
    coalesce(
        greatest(steps.reminder_date, steps.formal_notice_date, steps.registered_letter_date)
        < steps.first_judicial_date
        and steps.reminder_date is not null
        and steps.formal_notice_date is not null
        and steps.registered_letter_date is not null,
        false
    ) as is_warned
from steps
inner join {{ ref('stg_recovery_cases') }} as cases on steps.case_id = cases.case_id
where steps.first_judicial_date is not null

-- Ruling C10, without recursion. In order of (date, identifier) each step that comes in time sets the date five years
-- on, so the date so far is the greatest of the term and of step + 5 years over the steps before. The first step that
-- comes too late ends it: those after it are later still.
with roots as (
    select
        charges.charge_id,
        charges.issue_date,
        {{ prescription_term('charges.charge_type', 'charges.contribution_year') }} as term_date
    from {{ ref('fct_charges_ledger') }} as charges
    where charges.charge_id in (select roots.root_id from {{ ref('int_recovery__prescription_roots') }} as roots)
),

steps as (
    select
        roots.charge_id,
        roots.term_date,
        steps.step_id,
        steps.step_type,
        steps.step_date,
        {{ interrupted_until('steps.step_date') }} as until_date
    from roots
    inner join {{ ref('stg_recovery_case_charges') }} as case_charges on roots.charge_id = case_charges.charge_id
    inner join {{ ref('int_recovery__steps_dated') }} as steps on case_charges.case_id = steps.case_id
    where
        steps.step_type in ({{ interrupting_steps() }})
        and coalesce(steps.outcome, '') not in ('not_served', 'withdrawn')
        and steps.step_date >= roots.issue_date
),

running as (
    select
        *,
        greatest(
            term_date,
            max(until_date) over (
                partition by charge_id
                order by step_date, step_id
                rows between unbounded preceding and 1 preceding
            )
        ) as current_date_before
    from steps
),

timely as (
    select
        *,
        bool_or(step_date >= current_date_before) over (
            partition by charge_id
            order by step_date, step_id
            rows between unbounded preceding and current row
        ) as is_too_late
    from running
),

moved as (
    select
        charge_id,
        max(until_date) as prescription_date,
        arg_max(step_type, (step_date, step_id)) as interrupted_by,
        max(step_date) as interrupted_on
    from timely
    where not is_too_late and until_date > current_date_before
    group by charge_id
)

select
    roots.charge_id,
    coalesce(moved.prescription_date, roots.term_date) as prescription_date,
    moved.interrupted_by,
    moved.interrupted_on
from roots
left join moved on roots.charge_id = moved.charge_id

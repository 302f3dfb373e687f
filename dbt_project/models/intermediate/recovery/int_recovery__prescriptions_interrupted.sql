-- Ruling C10: the prescription of each charge that stands for itself or for others, by the lists of the law.
with roots as (
    select
        charge_number,
        {{ prescription_kind('charge_type') }} as prescription_kind,
        contribution_year,
        issue_date
    from {{ ref('fct_charges_ledger') }}
    where charge_number in (select links.root_number from {{ ref('int_recovery__prescription_roots') }} as links)
),

-- A term for each kind and year, found once; where the list begins later than the debt, contributions have the same.
years as (
    select distinct
        prescription_kind,
        contribution_year
    from roots
),

terms as (
    select
        years.prescription_kind,
        years.contribution_year,
        coalesce(
            {{ prescription_date('years.prescription_kind', 'years.contribution_year') }},
            {{ prescription_date("'provisional'", 'years.contribution_year') }}
        ) as term_date
    from years
),

claims as (
    select
        roots.charge_number as claim_id,
        terms.term_date as first_date
    from roots
    inner join terms
        on roots.prescription_kind = terms.prescription_kind and roots.contribution_year = terms.contribution_year
),

interruptions as (
    select
        roots.charge_number as claim_id,
        steps.step_id as step_key,
        steps.step_type,
        steps.step_date as interrupted_on
    from roots
    inner join {{ ref('int_recovery__charges_held') }} as charges_held
        on roots.charge_number = charges_held.charge_number
    inner join {{ ref('int_recovery__steps_dated') }} as steps on charges_held.case_id = steps.case_id
    where
        steps.step_date >= roots.issue_date
        and coalesce(steps.outcome, '') not in ('not_served', 'withdrawn')
),

prescriptions as (
    {{ interrupted_prescriptions('claims', 'interruptions') }}
)

select
    prescriptions.claim_id as charge_number,
    prescriptions.prescription_date,
    steps.step_type as interrupted_by,
    prescriptions.interrupted_on
from prescriptions
left join {{ ref('int_recovery__steps_dated') }} as steps on prescriptions.interrupted_by = steps.step_id

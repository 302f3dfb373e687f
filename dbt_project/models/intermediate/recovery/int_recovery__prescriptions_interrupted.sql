-- C10: the prescription of each charge that stands for itself or for others, by the lists of the law.
with roots as (
    select
        charge_id,
        prescription_kind(charge_type) as prescription_kind,
        contribution_year,
        issue_date
    from {{ ref('fct_charges') }}
    where charge_id in (select links.root_charge_id from {{ ref('int_recovery__prescription_roots') }} as links)
),

terms as (
    select *
    from {{ ref('law_prescription_terms') }}
    where starts_years_after is not null
),

-- Where the list begins later than the debt, contributions have the same term.
claims as (
    select
        roots.charge_id,
        roots.issue_date,
        coalesce(
            prescription_date(roots.contribution_year, own_terms), prescription_date(roots.contribution_year, terms)
        ) as first_date
    from roots
    left join terms as own_terms
        on
            roots.prescription_kind = own_terms.prescription_kind
            and is_in_force(own_terms, year_start(roots.contribution_year))
    left join terms
        on
            terms.prescription_kind = 'provisional'
            and is_in_force(terms, year_start(roots.contribution_year))
),

interrupting_steps as (
    select
        roots.charge_id,
        -- In order of date, then identifier. The condition stands here: the order of the joins would follow it there.
        list_sort(list({
            'interrupted_on': steps.step_date,
            'step_id': steps.step_id,
            'restarted_date': years_added(steps.step_date, interruptions.value)
        }) filter (where steps.step_date >= roots.issue_date)) as steps
    from roots
    inner join {{ ref('int_recovery__case_charges') }} as held on roots.charge_id = held.charge_id
    inner join {{ ref('fct_steps') }} as steps on held.case_id = steps.case_id
    inner join {{ ref('law_interruptions') }} as interruptions
        on steps.step_type = interruptions.step_type and is_in_force(interruptions, steps.step_date)
    where coalesce(steps.outcome, '') not in ('not_served', 'withdrawn')
    group by roots.charge_id
),

prescriptions as (
    select
        claims.charge_id,
        prescription_interrupted(claims.first_date, coalesce(interrupting_steps.steps, [])) as held
    from claims
    left join interrupting_steps on claims.charge_id = interrupting_steps.charge_id
)

select
    prescriptions.charge_id,
    prescriptions.held.restarted_date as prescription_date,
    steps.step_type as interrupted_by,
    prescriptions.held.interrupted_on
from prescriptions
left join {{ ref('fct_steps') }} as steps on prescriptions.held.step_id = steps.step_id

with held_stages as (
    select
        held.charge_id,
        arg_max(case_stages.stage, case_stages.stage_rank) as stage
    from {{ ref('int_recovery__case_stages') }} as case_stages
    inner join {{ ref('int_recovery__case_charges') }} as held on case_stages.case_id = held.case_id
    where case_stages.before_date > as_of_date() and case_stages.closed_date is null
    group by held.charge_id
),

-- Given up: a write-off step, or a case closed as irrecoverable. The debt stays in the ledger (only a cancellation or a
-- relief takes it off), but nobody expects it any more.
written_off as (
    select distinct held.charge_id
    from {{ ref('int_recovery__case_charges') }} as held
    inner join {{ ref('fct_cases') }} as cases on held.case_id = cases.case_id
    where
        cases.stage = 'write_off'
        or (cases.closing_reason = 'irrecoverable' and cases.closed_date <= as_of_date())
)

select
    charges.charge_id,
    charges.account_id,
    charges.account_type,
    charges.charge_type,
    charges.nature,
    charges.due_date,
    charges.outstanding_amount,
    coalesce(held_stages.stage, 'none') as stage,
    written_off.charge_id is not null as is_written_off,
    prescriptions.prescription_date,
    prescriptions.interrupted_by,
    prescriptions.interrupted_on
from {{ ref('fct_charges') }} as charges
inner join {{ ref('int_recovery__prescription_roots') }} as roots on charges.charge_id = roots.charge_id
inner join {{ ref('int_recovery__prescriptions_interrupted') }} as prescriptions
    on roots.root_charge_id = prescriptions.charge_id
left join held_stages on charges.charge_id = held_stages.charge_id
left join written_off on charges.charge_id = written_off.charge_id
where charges.outstanding_amount > 0

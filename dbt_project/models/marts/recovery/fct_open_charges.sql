{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped'
) }}
-- depends_on: {{ ref('int_recovery__open_before') }}
-- What does not change from day to day of each outstanding charge; mart_prescription counts the days when it is read.
with held_stages as (
    select
        charges_held.charge_number,
        max(held_stages.stage_rank) as stage_rank
    from {{ ref('recovery_case_stages') }} as held_stages
    inner join {{ ref('int_recovery__charges_held') }} as charges_held on held_stages.case_id = charges_held.case_id
    where held_stages.before_date is null and held_stages.closed_date is null
    group by charges_held.charge_number
),

-- Given up: a write-off step, or a case closed as irrecoverable. The debt stays in the ledger (only a cancellation or a
-- relief takes it off), but nobody expects it any more.
written_off as (
    select distinct charges_held.charge_number
    from {{ ref('int_recovery__charges_held') }} as charges_held
    inner join {{ ref('fct_cases') }} as cases on charges_held.case_id = cases.case_id
    where
        cases.stage = 'write_off'
        or (cases.closing_reason = 'irrecoverable' and cases.closed_date <= {{ as_of_date() }})
)

select
    charges.charge_number,
    {{ account_id('charges.account_key') }} as account_id,
    {{ account_type('charges.account_key') }} as account_type,
    cast(charges.charge_type as varchar) as charge_type,
    cast(charges.nature as varchar) as nature,
    charges.due_date,
    charges.outstanding_amount,
    ranks.stage,
    written_off.charge_number is not null as is_written_off,
    prescriptions.prescription_date,
    prescriptions.interrupted_by,
    prescriptions.interrupted_on
from {{ charges_in_scope() }} as charges
inner join {{ ref('int_recovery__prescription_roots') }} as roots on charges.charge_number = roots.charge_number
inner join {{ ref('int_recovery__prescriptions_interrupted') }} as prescriptions
    on roots.root_number = prescriptions.charge_number
left join held_stages on charges.charge_number = held_stages.charge_number
inner join {{ ref('recovery_stages') }} as ranks on coalesce(held_stages.stage_rank, 0) = ranks.stage_rank
left join written_off on charges.charge_number = written_off.charge_number
where charges.outstanding_amount > 0 and {{ only_scoped_keys('charges.account_key') }}

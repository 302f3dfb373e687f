{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_benefit__payments_touched',
    touched_by='benefit_payment_id'
) }}

with payments as (
    select *
    from {{ ref('stg_benefit_payments') }}
    where {{ only_touched('benefit_payment_id', 'int_benefit__payments_touched', 'benefit_payment_id') }}
)

select
    payments.benefit_payment_id,
    payments.claim_id,
    claims.affiliate_id,
    claims.benefit,
    claims.cause,
    payments.period_start,
    payments.period_end,
    payments.unit,
    payments.units,
    cast(payments.amount as decimal(18, 2)) as amount,
    {{ benefit_amount(
        'claims.benefit', 'payments.unit', 'payments.units', 'claims.with_family_charge', 'payments.period_start'
    ) }} as expected_amount,
    listed.certainty as expected_certainty,
    payments.due_date,
    payments.paid_date,
    {{ done_in_time('payments.paid_date', 'payments.due_date') }} as paid_in_time
from payments
inner join {{ ref('stg_benefit_claims') }} as claims on payments.claim_id = claims.claim_id
left join {{ ref('law_benefit_amounts') }} as listed
    on
        claims.benefit = listed.benefit
        and payments.unit = listed.benefit_unit
        and listed.variant = {{ benefit_variant('claims.benefit', 'claims.with_family_charge') }}
        and {{ is_in_force('listed', 'payments.period_start') }}

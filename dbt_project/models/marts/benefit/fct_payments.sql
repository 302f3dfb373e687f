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
    -- Units times the amount in force on the first day of the period; a half is in the list, never computed.
    benefit_amount(payments.units, listed.value) as expected_amount,
    listed.certainty as expected_certainty,
    payments.due_date,
    payments.paid_date,
    done_in_time(payments.paid_date, payments.due_date, as_of_date()) as paid_in_time
from {{ ref('stg_benefit_payments') }} as payments
inner join {{ ref('stg_benefit_claims') }} as claims on payments.claim_id = claims.claim_id
left join {{ ref('law_benefit_amounts') }} as listed
    on
        claims.benefit = listed.benefit
        and payments.unit = listed.benefit_unit
        and benefit_variant(claims.benefit, claims.with_family_charge) = listed.variant
        and is_in_force(listed, payments.period_start)

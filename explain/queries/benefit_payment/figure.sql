select payments.benefit_payment_id, payments.claim_id, payments.affiliate_id, payments.benefit,
    payments.cause, payments.period_start, payments.period_end, payments.unit, payments.units,
    payments.amount, payments.expected_amount, payments.expected_certainty, payments.due_date,
    payments.paid_date, payments.paid_in_time, claims.with_family_charge
from benefit.fct_payments as payments
inner join benefit.fct_claims as claims on payments.claim_id = claims.claim_id
where payments.benefit_payment_id = $id

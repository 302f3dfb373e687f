-- The first payment of a claim is the one that was made first; while none is made, that of the first period is awaited.
with first_payments as (
    select
        claim_id,
        min(paid_date) as paid_date,
        arg_min(benefit_payment_id, (coalesce(paid_date, date '9999-12-31'), period_start, benefit_payment_id))
            as benefit_payment_id
    from {{ ref('fct_payments') }}
    where amount > 0
    group by claim_id
)

select
    'SC12' as code,
    first_payments.benefit_payment_id as item_key,
    claims.affiliate_id as account_id,
    claims.decision_date as quarter_date,
    claims.decision_date as started_date,
    months_added(claims.decision_date, 4) as deadline_date,
    first_payments.paid_date as done_date,
    true as is_right,
    claims.benefit as breakdown_code
from {{ ref('fct_claims') }} as claims
inner join first_payments on claims.claim_id = first_payments.claim_id
where claims.decision in ('granted', 'partial') and claims.decision_date <= as_of_date()

-- The first payment of a claim is that of its first period.
with first_payments as (
    select
        claim_id,
        arg_min(paid_date, (period_start, benefit_payment_id)) as paid_date,
        arg_min(benefit_payment_id, (period_start, benefit_payment_id)) as benefit_payment_id
    from {{ ref('fct_payments') }}
    where amount > 0
    group by claim_id
),

items as (
    select
        'SC12' as code,
        first_payments.benefit_payment_id as item_key,
        claims.affiliate_id as account_id,
        claims.decision_date as quarter_date,
        claims.decision_date as started_date,
        {{ months_added('claims.decision_date', 4) }} as deadline_date,
        first_payments.paid_date as done_date,
        claims.benefit as breakdown_code
    from {{ ref('fct_claims') }} as claims
    inner join first_payments on claims.claim_id = first_payments.claim_id
    where claims.decision in ('granted', 'partial') and claims.decision_date <= {{ as_of_date() }}
)

{{ commitment_tallies('items', ['breakdown_code']) }}

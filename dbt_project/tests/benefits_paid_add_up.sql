-- What the quarters of benefits show as paid is what was paid, to the cent, and every claim is submitted once.
with quarters as (
    select
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(claims_submitted), 0) as claims_submitted
    from {{ ref('mart_benefit_quarter') }}
),

payments as (
    select coalesce(sum(amount), 0) as amount
    from {{ ref('fct_payments') }}
    where paid_date <= as_of_date()
),

claims as (
    select count(*) as claims
    from {{ ref('fct_claims') }}
    where submitted_date <= as_of_date()
)

select
    quarters.paid_amount,
    payments.amount,
    quarters.claims_submitted,
    claims.claims
from quarters
cross join payments
cross join claims
where quarters.paid_amount <> payments.amount or quarters.claims_submitted <> claims.claims

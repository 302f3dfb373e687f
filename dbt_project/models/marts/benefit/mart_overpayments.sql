-- D6: movements up to the as-of date.
with movements as (
    select
        overpayment_id,
        sum(amount) filter (where kind in ('repayment', 'withholding')) as repaid_amount,
        sum(amount) filter (where kind in ('waiver', 'write_off')) as waived_amount
    from {{ ref('stg_overpayment_movements') }}
    where movement_date <= as_of_date()
    group by overpayment_id
),

overpayments as (
    select
        overpayments.overpayment_id,
        overpayments.claim_id,
        claims.affiliate_id,
        claims.benefit,
        overpayments.cause,
        overpayments.established_date,
        overpayments.notified_date,
        overpayments.amount,
        coalesce(movements.repaid_amount, 0) as repaid_amount,
        coalesce(movements.waived_amount, 0) as waived_amount,
        overpayment_prescription_date(overpayments.established_date, terms) as prescription_date,
        overpayments.reasons_stated and overpayments.appeal_stated as reasons_and_appeal_stated
    from {{ ref('stg_benefit_overpayments') }} as overpayments
    inner join {{ ref('stg_benefit_claims') }} as claims on overpayments.claim_id = claims.claim_id
    left join movements on overpayments.overpayment_id = movements.overpayment_id
    left join {{ ref('law_prescription_terms') }} as terms
        on
            terms.prescription_kind = 'overpayment'
            and claims.benefit = terms.benefit
            and (overpayments.cause = 'fraud') = terms.is_fraud
            and is_in_force(terms, overpayments.established_date)
)

select
    overpayment_id,
    claim_id,
    affiliate_id,
    benefit,
    cause,
    established_date,
    notified_date,
    cast(amount as decimal(18, 2)) as amount,
    cast(repaid_amount as decimal(18, 2)) as repaid_amount,
    cast(waived_amount as decimal(18, 2)) as waived_amount,
    cast(greatest(amount - repaid_amount - waived_amount, 0) as decimal(18, 2)) as outstanding_amount,
    prescription_date,
    prescription_date <= as_of_date() as is_prescribed,
    reasons_and_appeal_stated
from overpayments

-- T13 and T14 by quarter, benefit and cause are the payments and the quarters of benefits: what was paid to the cent,
-- requests, decisions and beneficiaries.
with paid as (
    select
        quarter_text(paid_date) as quarter,
        benefit,
        cause,
        sum(amount) as paid_amount
    from {{ ref('fct_payments') }}
    where paid_date <= as_of_date()
    group by all
),

facts as (
    select * from paid
    union all by name
    select
        quarter,
        benefit,
        cause,
        claims_submitted,
        claims_granted,
        claims_refused,
        beneficiaries
    from {{ ref('mart_benefit_quarter') }}
),

expected as (
    select
        quarter,
        benefit,
        case when benefit in ('bridging_right', 'informal_carer') then coalesce(cause, 'unknown') else '_Z' end
            as cause,
        coalesce(sum(paid_amount), 0) as paid_amount,
        coalesce(sum(claims_submitted), 0) as claims_submitted,
        coalesce(sum(claims_granted), 0) as claims_granted,
        coalesce(sum(claims_refused), 0) as claims_refused,
        -- A benefit without causes may have been delivered with some: an affiliate may then be one of several of them.
        coalesce(max(beneficiaries), 0) as least_beneficiaries,
        coalesce(sum(beneficiaries), 0) as most_beneficiaries
    from facts
    where quarter <= quarter_index_text(last_ended_quarter(as_of_date()))
    group by all
),

cells as (
    select
        'bridging_right' as benefit,
        ref_period,
        cause,
        decision,
        payment_unit,
        measure,
        obs_value
    from {{ ref('stat_t13') }}
    union all by name
    select
        benefit,
        ref_period,
        cause,
        decision,
        payment_unit,
        measure,
        obs_value
    from {{ ref('stat_t14') }}
),

shown as (
    select
        ref_period as quarter,
        benefit,
        cause,
        coalesce(sum(obs_value) filter (where measure = 'paid_amount'), 0) as paid_amount,
        coalesce(sum(obs_value) filter (where measure = 'requests' and decision = '_T'), 0) as claims_submitted,
        coalesce(sum(obs_value) filter (where measure = 'decisions' and decision in ('granted', 'partial')), 0)
            as claims_granted,
        coalesce(sum(obs_value) filter (where measure = 'decisions' and decision = 'refused'), 0)
            as claims_refused,
        coalesce(sum(obs_value) filter (where measure = 'beneficiaries'), 0) as beneficiaries
    from cells
    where contains(ref_period, 'Q') and cause <> '_T' and payment_unit = '_T'
    group by all
)

select
    coalesce(expected.quarter, shown.quarter) as quarter,
    coalesce(expected.benefit, shown.benefit) as benefit,
    coalesce(expected.cause, shown.cause) as cause,
    expected.paid_amount,
    shown.paid_amount as paid_shown_amount,
    expected.claims_submitted,
    shown.claims_submitted as claims_submitted_shown,
    expected.claims_granted,
    shown.claims_granted as claims_granted_shown,
    expected.claims_refused,
    shown.claims_refused as claims_refused_shown,
    expected.least_beneficiaries,
    shown.beneficiaries as beneficiaries_shown
from expected
full outer join shown
    on expected.quarter = shown.quarter and expected.benefit = shown.benefit and expected.cause = shown.cause
where
    coalesce(expected.paid_amount, 0) <> coalesce(shown.paid_amount, 0)
    or coalesce(expected.claims_submitted, 0) <> coalesce(shown.claims_submitted, 0)
    or coalesce(expected.claims_granted, 0) <> coalesce(shown.claims_granted, 0)
    or coalesce(expected.claims_refused, 0) <> coalesce(shown.claims_refused, 0)
    or coalesce(shown.beneficiaries, 0) < coalesce(expected.least_beneficiaries, 0)
    or coalesce(shown.beneficiaries, 0) > coalesce(expected.most_beneficiaries, 0)

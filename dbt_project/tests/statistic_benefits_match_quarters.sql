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
        claims_submitted as requests,
        claims_granted as granted,
        claims_refused as refused,
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
        coalesce(sum(requests), 0) as requests,
        coalesce(sum(granted), 0) as granted,
        coalesce(sum(refused), 0) as refused,
        -- A benefit without causes may have been delivered with some: an affiliate may then stand in several quarters.
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
        coalesce(sum(obs_value) filter (where measure = 'requests' and decision = '_T'), 0) as requests,
        coalesce(sum(obs_value) filter (where measure = 'decisions' and decision in ('granted', 'partial')), 0)
            as granted,
        coalesce(sum(obs_value) filter (where measure = 'decisions' and decision = 'refused'), 0) as refused,
        coalesce(sum(obs_value) filter (where measure = 'beneficiaries'), 0) as beneficiaries
    from cells
    where contains(ref_period, 'Q') and cause <> '_T' and payment_unit = '_T'
    group by all
)

select
    quarter,
    benefit,
    cause,
    expected.paid_amount,
    shown.paid_amount as paid_shown_amount,
    expected.requests,
    shown.requests as requests_shown,
    expected.granted,
    shown.granted as granted_shown,
    expected.refused,
    shown.refused as refused_shown,
    expected.least_beneficiaries,
    shown.beneficiaries as beneficiaries_shown
from expected
full outer join shown using (quarter, benefit, cause)
where
    coalesce(expected.paid_amount, 0) <> coalesce(shown.paid_amount, 0)
    or coalesce(expected.requests, 0) <> coalesce(shown.requests, 0)
    or coalesce(expected.granted, 0) <> coalesce(shown.granted, 0)
    or coalesce(expected.refused, 0) <> coalesce(shown.refused, 0)
    or coalesce(shown.beneficiaries, 0) < coalesce(expected.least_beneficiaries, 0)
    or coalesce(shown.beneficiaries, 0) > coalesce(expected.most_beneficiaries, 0)

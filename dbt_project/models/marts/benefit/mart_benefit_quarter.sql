-- Three kinds of events side by side: a claim counts in the quarter it was submitted, a decision in the quarter it was
-- taken, a payment in the quarter it was paid. Each is counted alone, then the three are added up by quarter, benefit
-- and cause, so that no event is counted twice.
with submitted as (
    select
        quarter_text(submitted_date) as quarter,
        benefit,
        cause,
        count(*) as claims_submitted
    from {{ ref('fct_claims') }}
    where submitted_date <= as_of_date()
    group by all
),

decided as (
    select
        quarter_text(decision_date) as quarter,
        benefit,
        cause,
        count(*) filter (where decision in ('granted', 'partial')) as claims_granted,
        count(*) filter (where decision in ('granted', 'partial') and initiated_by = 'automatic')
            as claims_granted_automatically,
        count(*) filter (where decision = 'refused') as claims_refused,
        median(decision_days) as median_decision_days
    from {{ ref('fct_claims') }}
    where decision_date <= as_of_date()
    group by all
),

-- Units are those of payments above 0: a reversal takes back money, and the extracts do not say of which units.
paid as (
    select
        quarter_text(paid_date) as quarter,
        benefit,
        cause,
        count(distinct affiliate_id) filter (where amount > 0) as beneficiaries,
        sum(units) filter (where amount > 0) as units,
        sum(units) filter (where amount > 0 and unit = 'month') as months,
        sum(units) filter (where amount > 0 and unit = 'week') as weeks,
        sum(units) filter (where amount > 0 and unit = 'day') as days,
        sum(units) filter (where amount > 0 and unit = 'half_day') as half_days,
        sum(units) filter (where amount > 0 and unit = 'voucher') as vouchers,
        sum(amount) as paid_amount,
        count(*) filter (where amount > 0) as payments,
        count(*) filter (where amount > 0 and paid_in_time) as payments_in_time
    from {{ ref('fct_payments') }}
    where paid_date <= as_of_date()
    group by all
),

events as (
    select * from paid
    union all by name
    select * from submitted
    union all by name
    select * from decided
)

select
    quarter,
    benefit,
    cause,
    cast(coalesce(sum(beneficiaries), 0) as bigint) as beneficiaries,
    cast(coalesce(sum(claims_submitted), 0) as bigint) as claims_submitted,
    cast(coalesce(sum(claims_granted), 0) as bigint) as claims_granted,
    cast(coalesce(sum(claims_granted_automatically), 0) as bigint) as claims_granted_automatically,
    cast(coalesce(sum(claims_refused), 0) as bigint) as claims_refused,
    cast(coalesce(sum(units), 0) as decimal(18, 2)) as units,
    cast(coalesce(sum(months), 0) as decimal(18, 2)) as months,
    cast(coalesce(sum(weeks), 0) as decimal(18, 2)) as weeks,
    cast(coalesce(sum(days), 0) as decimal(18, 2)) as days,
    cast(coalesce(sum(half_days), 0) as decimal(18, 2)) as half_days,
    cast(coalesce(sum(vouchers), 0) as decimal(18, 2)) as vouchers,
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(payments), 0) as bigint) as payments,
    cast(coalesce(sum(payments_in_time), 0) as bigint) as payments_in_time,
    sum(payments_in_time) / nullif(sum(payments), 0) as paid_in_time_rate,
    max(median_decision_days) as median_decision_days
from events
group by all

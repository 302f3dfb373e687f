{#-
Quarters of three kinds of events side by side: a claim counts in the quarter it was submitted, a decision in the quarter
it was taken, a payment in the quarter it was paid. Each is summed alone, then the three are added up by quarter, benefit
and cause, so that no event is counted twice. Units are those of payments above 0: a reversal takes back money, and the
extracts do not say of which units.
-#}
{%- set keys = ['quarter', 'benefit', 'cause'] -%}
{%- set units = ['month', 'week', 'day', 'half_day', 'voucher'] -%}
with submitted as (
    select
        {{ quarter_text('submitted_date') }} as quarter,
        benefit,
        cause,
        count(*) as claims_submitted
    from {{ ref('fct_claims') }}
    where submitted_date <= {{ as_of_date() }}
    group by all
),

decided as (
    select
        {{ quarter_text('decision_date') }} as quarter,
        benefit,
        cause,
        count(*) filter (where decision in ('granted', 'partial')) as claims_granted,
        count(*) filter (where decision in ('granted', 'partial') and initiated_by = 'automatic')
            as claims_granted_automatically,
        count(*) filter (where decision = 'refused') as claims_refused,
        median(decision_days) as median_decision_days
    from {{ ref('fct_claims') }}
    where decision_date <= {{ as_of_date() }}
    group by all
),

paid as (
    select
        {{ quarter_text('paid_date') }} as quarter,
        benefit,
        cause,
        count(distinct affiliate_id) filter (where amount > 0) as beneficiaries,
        sum(units) filter (where amount > 0) as units,
        {%- for unit in units %}
        sum(units) filter (where amount > 0 and unit = '{{ unit }}') as {{ unit }}s,
        {%- endfor %}
        sum(amount) as paid_amount,
        count(*) filter (where amount > 0) as payments,
        count(*) filter (where amount > 0 and paid_in_time) as payments_in_time
    from {{ ref('fct_payments') }}
    where paid_date <= {{ as_of_date() }}
    group by all
),

cells as (
    select * from paid
    union all by name
    select * from submitted
    union all by name
    select * from decided
)

select
    {{ keys | join(', ') }},
    cast(coalesce(sum(beneficiaries), 0) as bigint) as beneficiaries,
    cast(coalesce(sum(claims_submitted), 0) as bigint) as claims_submitted,
    cast(coalesce(sum(claims_granted), 0) as bigint) as claims_granted,
    cast(coalesce(sum(claims_granted_automatically), 0) as bigint) as claims_granted_automatically,
    cast(coalesce(sum(claims_refused), 0) as bigint) as claims_refused,
    cast(coalesce(sum(units), 0) as decimal(18, 2)) as units,
    {%- for unit in units %}
    cast(coalesce(sum({{ unit }}s), 0) as decimal(18, 2)) as {{ unit }}s,
    {%- endfor %}
    cast(coalesce(sum(paid_amount), 0) as decimal(18, 2)) as paid_amount,
    cast(coalesce(sum(payments), 0) as bigint) as payments,
    cast(coalesce(sum(payments_in_time), 0) as bigint) as payments_in_time,
    cast(sum(payments_in_time) / nullif(sum(payments), 0) as double) as paid_in_time_rate,
    cast(max(median_decision_days) as double) as median_decision_days
from cells
group by {{ keys | join(', ') }}

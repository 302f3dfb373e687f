-- Affiliates who were in main occupation on the day the insolvency was opened, and the bridging right claims that
-- followed. A bankruptcy often ends the affiliation on that same day; where the extracts hold no insolvency within a
-- year of such an end, the end itself is the event.
with insolvencies as (
    select
        insolvencies.insolvency_id,
        insolvencies.kind,
        insolvencies.opened_date,
        insolvencies.account_id as affiliate_id
    from {{ ref('stg_insolvencies') }} as insolvencies
    where
        insolvencies.kind in ('bankruptcy', 'collective_debt_settlement')
        and insolvencies.opened_date <= as_of_date()
        and insolvencies.account_id in (
            select periods.affiliate_id
            from {{ ref('fct_affiliation_periods') }} as periods
            where
                periods.affiliate_id = insolvencies.account_id
                and periods.is_counted
                and periods.nature = 'main'
                and periods.start_date <= insolvencies.opened_date
                and (periods.end_date is null or periods.end_date >= insolvencies.opened_date - 1)
        )
),

endings as (
    select distinct
        periods.affiliate_id,
        periods.end_date as opened_date
    from {{ ref('fct_affiliation_periods') }} as periods
    left join {{ ref('stg_insolvencies') }} as insolvencies
        on
            periods.affiliate_id = insolvencies.account_id
            and insolvencies.kind = 'bankruptcy'
            and insolvencies.opened_date >= periods.end_date - 365
            and insolvencies.opened_date <= periods.end_date + 365
    where
        periods.is_counted
        and periods.nature = 'main'
        and periods.end_reason = 'bankruptcy'
        and periods.end_date <= as_of_date()
        and insolvencies.account_id is null
),

events as (
    select
        insolvency_id,
        affiliate_id,
        kind,
        opened_date
    from insolvencies
    union all
    select
        null as insolvency_id,
        affiliate_id,
        'bankruptcy' as kind,
        opened_date
    from endings
),

claims as (
    select
        affiliate_id,
        submitted_date,
        initiated_by,
        decision,
        case cause
            when 'bankruptcy' then 'bankruptcy'
            when 'debt_settlement' then 'collective_debt_settlement'
        end as kind
    from {{ ref('fct_claims') }}
    where benefit = 'bridging_right' and submitted_date <= as_of_date()
)

select
    events.insolvency_id,
    events.affiliate_id,
    events.kind,
    events.opened_date,
    min(claims.submitted_date) filter (where claims.initiated_by = 'automatic') as automatic_date,
    min(claims.submitted_date) filter (where claims.initiated_by <> 'automatic') as applied_date,
    coalesce(bool_or(claims.decision in ('granted', 'partial')), false) as is_granted
from events
left join claims
    on
        events.affiliate_id = claims.affiliate_id
        and events.kind = claims.kind
        and events.opened_date <= claims.submitted_date
group by events.insolvency_id, events.affiliate_id, events.kind, events.opened_date

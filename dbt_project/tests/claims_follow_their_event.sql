{{ config(severity='warn') }}
-- Claims of the bridging right exist for a kind of insolvency, and none of them follows one: its take-up would be 0
-- though people claim. Claims and insolvencies stand under different accounts, or insolvencies are missing.
with claimed as (
    select
        case cause
            when 'bankruptcy' then 'bankruptcy'
            when 'debt_settlement' then 'collective_debt_settlement'
        end as event_kind,
        count(*) as claims
    from {{ ref('fct_claims') }}
    where
        benefit = 'bridging_right'
        and cause in ('bankruptcy', 'debt_settlement')
        and submitted_date <= as_of_date()
    group by event_kind
),

taken_up as (
    select
        event_kind,
        sum(persons_claiming) as persons_claiming
    from {{ ref('mart_take_up') }}
    group by event_kind
)

select
    claimed.event_kind,
    claimed.claims
from claimed
left join taken_up on claimed.event_kind = taken_up.event_kind
where coalesce(taken_up.persons_claiming, 0) = 0

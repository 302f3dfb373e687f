-- Kaplan and Meier (JASA 53, 1958, 457-481) with competing ends after Aalen and Johansen (1978): of the debts still
-- open the day before, the share that ends each day, in each way. Debts that are still open leave without an end, after
-- the ends of their day.
with daily as (
    select
        account_type,
        nature,
        days_since_due,
        sum(charges) as leaving,
        coalesce(sum(charges) filter (where ending = 'paid'), 0) as paid_charges,
        coalesce(sum(charges) filter (where ending = 'relieved'), 0) as relieved_charges,
        coalesce(sum(charges) filter (where ending = 'prescribed'), 0) as prescribed_charges,
        coalesce(sum(charges) filter (where ending = 'irrecoverable'), 0) as irrecoverable_charges,
        coalesce(sum(charges) filter (where ending = 'open'), 0) as open_charges
    from {{ ref('int_recovery__debts_ended') }}
    group by account_type, nature, days_since_due
),

at_risk as (
    select
        *,
        sum(leaving) over (partition by account_type, nature order by days_since_due desc) as at_risk
    from daily
),

surviving as (
    select
        *,
        product(1 - (leaving - open_charges) / at_risk) over segment_order as open_share
    from at_risk
    window segment_order as (partition by account_type, nature order by days_since_due)
),

weighed as (
    select
        *,
        coalesce(lag(open_share) over (partition by account_type, nature order by days_since_due), 1)
            as open_share_before
    from surviving
)

select
    account_type,
    nature,
    days_since_due,
    cast(at_risk as bigint) as at_risk,
    cast(paid_charges as bigint) as paid_charges,
    cast(relieved_charges as bigint) as relieved_charges,
    cast(prescribed_charges as bigint) as prescribed_charges,
    cast(irrecoverable_charges as bigint) as irrecoverable_charges,
    cast(open_charges as bigint) as open_charges,
    cast(sum(open_share_before * paid_charges / at_risk) over segment_order as double) as paid_share,
    cast(sum(open_share_before * relieved_charges / at_risk) over segment_order as double) as relieved_share,
    cast(sum(open_share_before * prescribed_charges / at_risk) over segment_order as double) as prescribed_share,
    cast(sum(open_share_before * irrecoverable_charges / at_risk) over segment_order as double) as irrecoverable_share,
    cast(open_share as double) as open_share
from weighed
window segment_order as (partition by account_type, nature order by days_since_due)

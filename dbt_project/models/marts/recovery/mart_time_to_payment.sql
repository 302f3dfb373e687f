-- Kaplan and Meier (JASA 53, 1958, 457-481) with competing ends after Aalen and Johansen (1978): of the debts still
-- open the day before, the share that ends each day, in each way. Debts that are still open leave without an end, after
-- the ends of their day.
with daily as (
    select
        account_type,
        nature,
        days_since_due,
        sum(charges) as leaving,
        {% for ending in debt_endings() -%}
        coalesce(sum(charges) filter (where ending = '{{ ending }}'), 0) as {{ ending }}_charges,
        {% endfor -%}
        coalesce(sum(charges) filter (where ending = 'open'), 0) as open_charges
    from {{ ref('int_recovery__debts_ended') }}
    group by account_type, nature, days_since_due
),

at_risk as (
    select
        *,
        sum(leaving) over (
            partition by account_type, nature
            order by days_since_due desc
        ) as at_risk
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
    {% for ending in debt_endings() + ['open'] -%}
    cast({{ ending }}_charges as bigint) as {{ ending }}_charges,
    {% endfor -%}
    {% for ending in debt_endings() -%}
    cast(sum(open_share_before * {{ ending }}_charges / at_risk) over segment_order as double) as {{ ending }}_share,
    {% endfor -%}
    cast(open_share as double) as open_share
from weighed
window segment_order as (partition by account_type, nature order by days_since_due)

with months as (
    select
        period || '|' || ledger_line as item_key,
        -- A month that does not exist (2026-13) is in no quarter.
        try_cast(period || '-01' as date) as month_date,
        difference
    from {{ ref('reconciliation') }}
),

deliveries as (
    select
        delivery_id as item_key,
        business_date as quarter_date,
        business_date as started_date,
        cast(loaded_at as date) as done_date,
        -- The clock of Brussels: moments are stored in UTC.
        loaded_at at time zone 'UTC' at time zone 'Europe/Brussels' as loaded_at,
        rows_accepted,
        rows_rejected
    from {{ ref('deliveries') }}
)

select
    'SC38' as code,
    item_key,
    month_date as quarter_date,
    month_date as started_date,
    difference = 0 as is_right,
    abs(difference) as amount
from months
union all by name
-- Loaded within 24 hours of the end of its business date.
select
    'SC38B' as code,
    item_key,
    quarter_date,
    started_date,
    done_date,
    loaded_at < started_date + interval 2 day as is_right
from deliveries
union all by name
-- Rows of a delivery, accepted and rejected: one item of each kind.
select
    'SC38C' as code,
    item_key,
    quarter_date,
    started_date,
    done_date,
    true as is_right,
    rows_accepted as weight
from deliveries
where rows_accepted > 0
union all by name
select
    'SC38C' as code,
    item_key,
    quarter_date,
    started_date,
    done_date,
    false as is_right,
    rows_rejected as weight
from deliveries
where rows_rejected > 0

with months as (
    select
        period,
        ledger_line,
        difference,
        -- A month that does not exist (2026-13) is in no quarter.
        try_cast(period || '-01' as date) as month_date
    from {{ ref('reconciliation') }}
),

items as (
    select
        'SC38' as code,
        period || '|' || ledger_line as item_key,
        null as account_id,
        month_date as quarter_date,
        month_date as started_date,
        null as deadline_date,
        cast(null as date) as done_date,
        difference = 0 as is_right,
        abs(difference) as amount,
        1 as weight
    from months
    union all
    -- Loaded within 24 hours of the end of its business date (clock of Brussels).
    select
        'SC38B' as code,
        delivery_id as item_key,
        null as account_id,
        business_date as quarter_date,
        business_date as started_date,
        null as deadline_date,
        cast(loaded_at as date) as done_date,
        {{ brussels_time('loaded_at') }} < business_date + interval 2 day as is_right,
        null as amount,
        1 as weight
    from {{ ref('deliveries') }}
    union all
    select
        'SC38C' as code,
        null as item_key,
        null as account_id,
        business_date as quarter_date,
        business_date as started_date,
        null as deadline_date,
        cast(loaded_at as date) as done_date,
        true as is_right,
        null as amount,
        rows_accepted as weight
    from {{ ref('deliveries') }}
    where rows_accepted > 0
    union all
    select
        'SC38C' as code,
        delivery_id as item_key,
        null as account_id,
        business_date as quarter_date,
        business_date as started_date,
        null as deadline_date,
        cast(loaded_at as date) as done_date,
        false as is_right,
        null as amount,
        rows_rejected as weight
    from {{ ref('deliveries') }}
    where rows_rejected > 0
)

{{ commitment_tallies('items', ['is_right', 'amount', 'weight']) }}

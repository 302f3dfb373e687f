with judged as (
    select
        'SC01' as code,
        affiliation_id as item_key,
        affiliate_id as account_id,
        registered_date as quarter_date,
        requested_date as started_date,
        {{ working_days_added('requested_date', 10) }} as deadline_date,
        {{ last_day_within('requested_date', 10) }} as counted_until_date,
        registered_date as done_date,
        greatest({{ working_days_between('requested_date', 'registered_date') }}, 0) as duration_days
    from {{ ref('stg_affiliations') }}
    where origin = 'voluntary' and requested_date is not null
),

-- The calendar of holidays begins in 1970: what was asked before it cannot be judged.
items as (
    select * from judged
    where deadline_date is not null
)

{{ commitment_tallies('items', ['counted_until_date', 'duration_days']) }}

with affiliations as (
    select
        affiliation_id,
        affiliate_id,
        registered_date,
        requested_date,
        {{ working_days_added('requested_date', 10) }} as deadline_date,
        {{ last_day_within('requested_date', 10) }} as counted_until_date,
        {{ working_days_between('requested_date', 'registered_date') }} as working_days
    from {{ ref('stg_affiliations') }}
    where origin = 'voluntary' and requested_date is not null
)

select
    'SC01' as code,
    affiliation_id as item_key,
    affiliate_id as account_id,
    registered_date as quarter_date,
    requested_date as started_date,
    deadline_date,
    counted_until_date,
    registered_date as done_date,
    true as is_right,
    greatest(working_days, 0) as duration_days
from affiliations
-- The calendar of working days begins in 1800: what was asked before it cannot be judged.
where deadline_date is not null

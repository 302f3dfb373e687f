with complaints as (
    select
        contact_id,
        account_id,
        cast(received_at as date) as received_date,
        cast(closed_at as date) as closed_date,
        outcome
    from {{ ref('stg_contacts') }}
    where kind = 'complaint'
)

select
    'SC04' as code,
    contact_id as item_key,
    account_id,
    received_date as quarter_date,
    received_date as started_date,
    received_date + 30 as deadline_date,
    closed_date as done_date,
    true as is_right
from complaints
union all by name
-- What is unfounded is no lapse: no key, nothing listed.
select
    'SC04B' as code,
    account_id,
    received_date as quarter_date,
    received_date as started_date,
    closed_date as done_date,
    outcome in ('founded', 'partly_founded') as is_right
from complaints
where closed_date <= as_of_date() and outcome is not null

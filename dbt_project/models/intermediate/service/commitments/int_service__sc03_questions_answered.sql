with contacts as (
    select
        contact_id,
        account_id,
        channel,
        cast(received_at as date) as received_date,
        cast(first_answer_at as date) as answered_date
    from {{ ref('stg_contacts') }}
    where kind in ('question', 'request')
)

select
    'SC03' as code,
    contact_id as item_key,
    account_id,
    received_date as quarter_date,
    received_date as started_date,
    {{ working_days_added('received_date', 5) }} as deadline_date,
    {{ last_day_within('received_date', 5) }} as counted_until_date,
    answered_date as done_date,
    true as is_right,
    channel as breakdown_code
from contacts
union all by name
-- The Charter's own limit (art. 3).
select
    'SC03B' as code,
    contact_id as item_key,
    account_id,
    received_date as quarter_date,
    received_date as started_date,
    received_date + 45 as deadline_date,
    answered_date as done_date,
    true as is_right,
    channel as breakdown_code
from contacts

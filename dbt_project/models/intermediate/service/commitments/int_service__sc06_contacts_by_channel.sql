with contacts as (
    select
        contact_id,
        account_id,
        channel,
        cast(received_at as date) as received_date,
        cast(first_answer_at as date) as answered_date
    from {{ ref('stg_contacts') }}
)

select
    'SC06' as code,
    contact_id as item_key,
    account_id,
    received_date as quarter_date,
    received_date as started_date,
    answered_date as done_date,
    answered_date <= as_of_date() as is_right,
    {{ working_days_between('received_date', 'answered_date') }} as duration_days,
    channel as breakdown_code
from contacts

with requests as (
    select
        account_id,
        requested_date as request_date
    from {{ ref('stg_payment_plans') }}
    union all
    select
        account_id,
        submitted_date as request_date
    from {{ ref('stg_relief_requests') }}
),

contacts as (
    select
        contact_id,
        account_id,
        cast(received_at as date) as received_date
    from {{ ref('stg_contacts') }}
    where topic = 'payment_difficulty' and account_id is not null
)

select
    'SC08' as code,
    contacts.contact_id as item_key,
    contacts.account_id,
    contacts.received_date as quarter_date,
    contacts.received_date as started_date,
    contacts.received_date + 60 as deadline_date,
    min(requests.request_date) as done_date,
    true as is_right
from contacts
left join requests
    on contacts.account_id = requests.account_id and contacts.received_date <= requests.request_date
group by contacts.contact_id, contacts.account_id, contacts.received_date

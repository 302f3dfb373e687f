select
    'SC18' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    due_date as deadline_date,
    sent_date as done_date,
    true as is_right,
    mutuality_union(recipient) as breakdown_code
from {{ ref('stg_transmissions') }}
where flow = 'incapacity_certificate'

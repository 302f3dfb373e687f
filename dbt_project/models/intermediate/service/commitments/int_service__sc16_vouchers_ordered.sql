select
    'SC16' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    due_date as deadline_date,
    sent_date as done_date,
    true as is_right
from {{ ref('stg_transmissions') }}
where flow = 'maternity_voucher_order'

select
    case when kind = 'due_notice' then 'SC23' else 'SC23B' end as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    latest_date as deadline_date,
    sent_date as done_date,
    true as is_right
from {{ ref('stg_notices') }}
where kind in ('due_notice', 'regularisation_notice')

select
    'SC22' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    sent_date as started_date,
    sent_date as done_date,
    corrected_by is null as is_right,
    kind as breakdown_code
from {{ ref('stg_notices') }}
where kind in ('due_notice', 'regularisation_notice') and sent_date <= as_of_date()

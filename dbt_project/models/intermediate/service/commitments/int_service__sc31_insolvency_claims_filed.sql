select
    'SC31' as code,
    insolvency_id as item_key,
    account_id,
    claim_deadline as quarter_date,
    opened_date as started_date,
    claim_deadline as deadline_date,
    claim_filed_date as done_date,
    true as is_right,
    kind as breakdown_code
from {{ ref('stg_insolvencies') }}
where claim_deadline is not null

select
    insolvency_id,
    account_id,
    kind as insolvency_kind,
    opened_date,
    claim_deadline as claim_deadline_date,
    claim_filed_date,
    cast(claim_amount as decimal(18, 2)) as claim_amount,
    cast(admitted_amount as decimal(18, 2)) as admitted_amount,
    closed_date
from {{ ref('stg_insolvencies') }}

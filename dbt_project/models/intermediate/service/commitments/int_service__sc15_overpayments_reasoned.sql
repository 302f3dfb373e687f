select
    'SC15' as code,
    overpayment_id as item_key,
    affiliate_id as account_id,
    established_date as quarter_date,
    established_date as started_date,
    notified_date as done_date,
    reasons_and_appeal_stated as is_right,
    benefit as breakdown_code
from {{ ref('mart_overpayments') }}
where established_date <= as_of_date()

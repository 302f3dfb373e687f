select
    'SC11' as code,
    benefit_payment_id as item_key,
    affiliate_id as account_id,
    due_date as quarter_date,
    period_start as started_date,
    due_date as deadline_date,
    paid_date as done_date,
    true as is_right,
    benefit as breakdown_code,
    amount
from {{ ref('fct_payments') }}
where amount > 0

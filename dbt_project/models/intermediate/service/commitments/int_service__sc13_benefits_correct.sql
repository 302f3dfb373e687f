with payments as (
    select
        *,
        coalesce(expected_certainty <> 'unsure', false) as is_certain
    from {{ ref('fct_payments') }}
    where amount > 0
)

select
    'SC13' as code,
    benefit_payment_id as item_key,
    affiliate_id as account_id,
    due_date as quarter_date,
    period_start as started_date,
    paid_date as done_date,
    amount = expected_amount as is_right,
    benefit as breakdown_code,
    amount - expected_amount as amount
from payments
where is_certain
union all by name
-- An amount that nobody has verified is held against no payment; how many are judged is said beside.
select
    'SC13B' as code,
    affiliate_id as account_id,
    due_date as quarter_date,
    period_start as started_date,
    paid_date as done_date,
    is_certain as is_right,
    benefit as breakdown_code
from payments

with items as (
    select
        'SC13' as code,
        benefit_payment_id as item_key,
        affiliate_id as account_id,
        due_date as quarter_date,
        period_start as started_date,
        null as deadline_date,
        paid_date as done_date,
        amount = expected_amount as is_right,
        benefit as breakdown_code,
        amount - expected_amount as amount
    from {{ ref('fct_payments') }}
    where amount > 0 and expected_amount is not null
)

{{ commitment_tallies('items', ['is_right', 'breakdown_code', 'amount']) }}

with items as (
    select
        'SC34' as code,
        charge_id as item_key,
        account_id,
        issue_date as quarter_date,
        issue_date as started_date,
        null as deadline_date,
        cast(null as date) as done_date,
        difference_amount = 0 as is_right,
        difference_amount as amount
    from {{ ref('fct_charges') }}
    where account_type = 'company' and charge_type = 'company_contribution' and expected_amount is not null
)

{{ commitment_tallies('items', ['is_right', 'amount']) }}

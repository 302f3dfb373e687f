with items as (
    select
        'SC16' as code,
        transmission_id as item_key,
        account_id,
        due_date as quarter_date,
        cast(null as date) as started_date,
        due_date as deadline_date,
        sent_date as done_date
    from {{ ref('int_service__transmissions_numbered') }}
    where flow = 'maternity_voucher_order'
)

{{ commitment_tallies('items') }}

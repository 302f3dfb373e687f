with items as (
    select
        'SC06' as code,
        contact_id as item_key,
        account_id,
        received_at as quarter_date,
        received_at as started_date,
        null as deadline_date,
        cast(first_answer_at as date) as done_date,
        cast(first_answer_at as date) <= {{ as_of_date() }} as is_right,
        {{ working_days_between('cast(received_at as date)', 'cast(first_answer_at as date)') }} as duration_days,
        channel as breakdown_code
    from {{ ref('stg_contacts') }}
)

{{ commitment_tallies('items', ['is_right', 'duration_days', 'breakdown_code']) }}

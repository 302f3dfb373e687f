with messages as (
    select
        transmissions.*,
        case when transmissions.sent_date <= as_of_date() then transmissions.sent_date end as sent_by_date,
        done_in_time(transmissions.sent_date, transmissions.due_date, as_of_date()) as is_in_time,
        resent.transmission_id is null as is_first_sending
    from {{ ref('stg_transmissions') }} as transmissions
    left join {{ ref('int_service__transmissions_resent') }} as resent
        on transmissions.transmission_id = resent.transmission_id
),

counted as (
    select
        quarter_index(due_date) as due_quarter,
        flow,
        recipient,
        count(*) as messages,
        count(sent_by_date) as messages_sent,
        count(is_in_time) as messages_judged,
        count(*) filter (where is_in_time) as messages_in_time,
        count(*) filter (where status = 'rejected') as messages_rejected,
        count(*) filter (where is_first_sending and status in ('accepted', 'rejected')) as first_answered,
        count(*) filter (where is_first_sending and status = 'accepted') as first_accepted
    from messages
    group by all
)

select
    quarter_index_text(due_quarter) as quarter,
    flow,
    recipient,
    messages,
    messages_sent,
    messages_judged,
    messages_in_time,
    messages_rejected,
    first_answered,
    first_accepted,
    cast(messages_in_time / nullif(messages_judged, 0) as double) as in_time_rate,
    cast(first_accepted / nullif(first_answered, 0) as double) as first_accepted_rate
from counted

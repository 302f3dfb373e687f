with messages as (
    select
        *,
        {{ quarter_text('due_date') }} as quarter,
        {{ done_in_time('sent_date', 'due_date') }} as is_in_time
    from {{ ref('int_service__transmissions_numbered') }}
)

select
    quarter,
    flow,
    recipient,
    cast(count(*) as bigint) as messages,
    cast(count(sent_date) as bigint) as messages_sent,
    cast(count(is_in_time) as bigint) as messages_judged,
    cast(count(*) filter (where is_in_time) as bigint) as messages_in_time,
    cast(count(*) filter (where status = 'rejected') as bigint) as messages_rejected,
    cast(count(*) filter (where sending = 1 and status in ('accepted', 'rejected')) as bigint) as first_answered,
    cast(count(*) filter (where sending = 1 and status = 'accepted') as bigint) as first_accepted,
    cast(count(*) filter (where is_in_time) / nullif(count(is_in_time), 0) as double) as in_time_rate,
    cast(
        count(*) filter (where sending = 1 and status = 'accepted')
        / nullif(count(*) filter (where sending = 1 and status in ('accepted', 'rejected')), 0) as double
    ) as first_accepted_rate
from messages
group by quarter, flow, recipient

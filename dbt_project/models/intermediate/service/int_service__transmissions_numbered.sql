-- A message rejected and sent again has the same account, flow, recipient and period; the first sending is number 1.
-- Few messages are sent twice: only those are sorted.
with sent_again as (
    select
        account_id,
        flow,
        recipient,
        period
    from {{ ref('stg_transmissions') }}
    group by account_id, flow, recipient, period
    having count(*) > 1
),

sendings as (
    select
        messages.transmission_id,
        row_number() over (
            partition by messages.account_id, messages.flow, messages.recipient, messages.period
            order by messages.sent_date nulls last, messages.transmission_id
        ) as sending
    from {{ ref('stg_transmissions') }} as messages
    inner join sent_again on {{ is_same('messages', 'sent_again', ['account_id', 'flow', 'recipient', 'period']) }}
)

select
    messages.transmission_id,
    messages.flow,
    messages.recipient,
    messages.account_id,
    messages.period,
    messages.due_date,
    case when messages.sent_date <= {{ as_of_date() }} then messages.sent_date end as sent_date,
    messages.status,
    messages.rejection_reason,
    coalesce(sendings.sending, 1) as sending
from {{ ref('stg_transmissions') }} as messages
left join sendings on messages.transmission_id = sendings.transmission_id

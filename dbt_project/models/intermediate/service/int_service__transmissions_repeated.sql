-- A message rejected and sent again has the same account, flow, recipient and period; the first sending is number 1.
-- Few messages are sent twice: only those are sorted, and only those are kept.
with hashed as (
    select hash(account_id, flow, recipient, period) as message_hash
    from {{ ref('stg_transmissions') }}
),

sent_again as (
    select message_hash
    from hashed
    group by message_hash
    having count(*) > 1
)

select
    messages.transmission_id,
    row_number() over (
        partition by messages.account_id, messages.flow, messages.recipient, messages.period
        order by messages.sent_date nulls last, messages.transmission_id
    ) as sending
from {{ ref('stg_transmissions') }} as messages
inner join sent_again
    on hash(messages.account_id, messages.flow, messages.recipient, messages.period) = sent_again.message_hash

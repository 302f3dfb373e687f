-- A message rejected and sent again has the same account, flow, recipient and period; the first sending is number 1.
-- Few are sent twice, and only those are sorted: they are found by a number made of the four (a country has 20 million
-- messages, and sorting them all would take more memory than the whole ledger).
with messages as (
    select
        *,
        hash(account_id, flow, recipient, period) as message_hash
    from {{ ref('stg_transmissions') }}
),

sent_again as (
    select message_hash
    from messages
    group by message_hash
    having count(*) > 1
)

select
    transmission_id,
    row_number() over (
        partition by account_id, flow, recipient, period
        order by sent_date nulls last, transmission_id
    ) as sending
from messages
where message_hash in (select sent_again.message_hash from sent_again)
qualify sending > 1

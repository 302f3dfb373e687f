-- A message rejected and sent again has the same account, flow, recipient and period; the first sending is number 1.
select
    transmission_id,
    flow,
    recipient,
    account_id,
    period,
    due_date,
    case when sent_date <= {{ as_of_date() }} then sent_date end as sent_date,
    status,
    rejection_reason,
    row_number() over (
        partition by account_id, flow, recipient, period
        order by sent_date nulls last, transmission_id
    ) as sending
from {{ ref('stg_transmissions') }}

{#- A view: a country has 20 million messages, and writing them once more costs more than reading them again. -#}
{{ config(materialized='view') }}

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
    coalesce(repeated.sending, 1) as sending
from {{ ref('stg_transmissions') }} as messages
left join {{ ref('int_service__transmissions_repeated') }} as repeated
    on messages.transmission_id = repeated.transmission_id

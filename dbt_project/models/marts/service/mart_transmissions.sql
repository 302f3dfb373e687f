select
    quarter,
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
from {{ ref('transmission_cells') }}

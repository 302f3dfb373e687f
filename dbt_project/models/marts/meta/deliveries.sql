select
    delivery_id,
    business_date,
    mode,
    loaded_at,
    cast(files as integer) as files,
    cast(rows_delivered as bigint) as rows_delivered,
    cast(rows_accepted as bigint) as rows_accepted,
    cast(rows_rejected as bigint) as rows_rejected,
    accepted_reason
from {{ source('raw', '_deliveries') }}

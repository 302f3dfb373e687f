select
    delivery_id,
    extract,
    file,
    cast(line_number as bigint) as line_number,
    "key", -- noqa: RF06
    rule,
    column_name,
    reason,
    is_open
from {{ source('raw', '_quarantine') }}

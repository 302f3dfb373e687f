select as_of_date from {{ source('raw', '_plan') }}

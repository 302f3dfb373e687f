{{ config(materialized='table') }}

select
    affiliation_id,
    affiliate_id,
    category,
    capacity,
    start_date,
    end_date,
    end_reason,
    origin,
    profession_code,
    nace_code,
    first_activity,
    requested_date,
    registered_date,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'affiliations__changes') }}

{{ config(materialized='table') }}

select
    affiliate_id,
    person_key,
    sex,
    birth_date,
    nationality,
    language,
    municipality_nis,
    office_code,
    deceased_date,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'affiliates__changes') }}

{{ config(materialized='table') }}

select
    company_id,
    enterprise_number,
    legal_form,
    incorporated_date,
    municipality_nis,
    language,
    office_code,
    origin,
    affiliated_date,
    status,
    closed_date,
    _delivery_id,
    _business_date,
    _line_number,
    _change
from {{ source('raw', 'companies__changes') }}

{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='stg_companies__changes',
    touched_by='company_id'
) }}

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
    closed_date
from {{ ref('stg_companies') }}
where {{ only_touched('company_id', 'stg_companies__changes', 'company_id') }}

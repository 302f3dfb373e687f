{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='stg_affiliates__changes',
    touched_by='affiliate_id'
) }}
-- depends_on: {{ ref('int_population__periods_before') }}

select
    affiliate_id,
    person_key,
    sex,
    birth_date,
    nationality,
    language,
    municipality_nis,
    office_code,
    deceased_date
from {{ ref('stg_affiliates') }}
where {{ only_touched('affiliate_id', 'stg_affiliates__changes', 'affiliate_id') }}

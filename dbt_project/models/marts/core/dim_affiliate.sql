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

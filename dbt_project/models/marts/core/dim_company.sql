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

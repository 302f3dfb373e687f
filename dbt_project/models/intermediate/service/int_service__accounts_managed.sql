select
    affiliate_id as account_id,
    office_code
from {{ ref('stg_affiliates') }}
union all
select
    company_id as account_id,
    office_code
from {{ ref('stg_companies') }}

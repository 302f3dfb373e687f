select
    affiliate_id as account_id,
    {{ account_key('affiliate_id') }} as account_key,
    office_code
from {{ ref('stg_affiliates') }}
union all
select
    company_id as account_id,
    {{ account_key('company_id') }} as account_key,
    office_code
from {{ ref('stg_companies') }}

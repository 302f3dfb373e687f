-- E4: the office of the affiliate or company today.
select
    affiliate_id as account_id,
    'affiliate' as account_type,
    office_code
from {{ ref('stg_affiliates') }}
union all
select
    company_id as account_id,
    'company' as account_type,
    office_code
from {{ ref('stg_companies') }}

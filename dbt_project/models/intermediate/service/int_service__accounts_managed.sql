-- E4: the office of the affiliate or company today; its language and municipality, as S2 and S8 take them.
select
    affiliate_id as account_id,
    'affiliate' as account_type,
    office_code,
    language,
    coalesce(municipality_nis, 'ABROAD') as known_municipality_nis
from {{ ref('stg_affiliates') }}
union all
select
    company_id as account_id,
    'company' as account_type,
    office_code,
    language,
    coalesce(municipality_nis, 'ABROAD') as known_municipality_nis
from {{ ref('stg_companies') }}

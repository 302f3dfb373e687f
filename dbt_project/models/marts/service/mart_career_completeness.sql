select
    careers.career_year,
    managed.office_code,
    count(*) as quarters,
    count(*) filter (where careers.accepted_messages = 1) as complete_quarters,
    count(*) filter (where careers.accepted_messages <> 1) as missing_quarters,
    count(*) filter (where careers.accepted_messages = 1) / count(*) as completeness_rate
from {{ ref('int_service__career_quarters') }} as careers
inner join {{ ref('int_service__accounts_managed') }} as managed on careers.affiliate_id = managed.account_id
group by careers.career_year, managed.office_code

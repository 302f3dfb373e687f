select
    careers.year,
    accounts.office_code,
    cast(count(*) as bigint) as quarters,
    cast(count(*) filter (where careers.accepted_messages = 1) as bigint) as complete_quarters,
    cast(count(*) filter (where careers.accepted_messages <> 1) as bigint) as missing_quarters,
    cast(count(*) filter (where careers.accepted_messages = 1) / count(*) as double) as completeness_rate
from {{ ref('int_service__career_quarters') }} as careers
inner join {{ ref('int_service__accounts_managed') }} as accounts on careers.affiliate_id = accounts.account_id
group by careers.year, accounts.office_code

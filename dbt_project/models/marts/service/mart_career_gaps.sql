select
    careers.affiliate_id,
    careers.period,
    careers.career_year,
    managed.office_code,
    careers.messages,
    careers.accepted_messages,
    case
        when careers.messages = 0 then 'missing'
        when careers.accepted_messages = 0 then 'not_accepted'
        else 'several'
    end as gap
from {{ ref('int_service__career_quarters') }} as careers
inner join {{ ref('int_service__accounts_managed') }} as managed on careers.affiliate_id = managed.account_id
where careers.accepted_messages <> 1

select
    managed.account_id as affiliate_id,
    {{ quarter_index_text('careers.quarter') }} as period,
    cast({{ year_of_quarter_index('careers.quarter') }} as integer) as career_year,
    managed.office_code,
    cast(careers.messages as bigint) as messages,
    cast(careers.accepted_messages as bigint) as accepted_messages,
    case
        when careers.messages = 0 then 'missing'
        when careers.accepted_messages = 0 then 'not_accepted'
        else 'several'
    end as gap
from {{ ref('int_service__career_quarters') }} as careers
inner join {{ ref('int_service__accounts_managed') }} as managed on careers.account_key = managed.account_key
where careers.accepted_messages <> 1

select
    cast({{ year_of_quarter_index('careers.quarter') }} as integer) as career_year,
    managed.office_code,
    cast(count(*) as bigint) as quarters,
    cast(count(*) filter (where careers.accepted_messages = 1) as bigint) as complete_quarters,
    cast(count(*) filter (where careers.accepted_messages <> 1) as bigint) as missing_quarters,
    cast(count(*) filter (where careers.accepted_messages = 1) / count(*) as double) as completeness_rate
from {{ ref('int_service__career_quarters') }} as careers
inner join {{ ref('int_service__accounts_managed') }} as managed on careers.account_key = managed.account_key
group by cast({{ year_of_quarter_index('careers.quarter') }} as integer), managed.office_code

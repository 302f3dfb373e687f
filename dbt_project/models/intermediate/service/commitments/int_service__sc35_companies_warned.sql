select
    'SC35' as code,
    case_id as item_key,
    account_id,
    first_judicial_date as quarter_date,
    opened_date as started_date,
    first_judicial_date as done_date,
    is_warned as is_right
from {{ ref('int_service__cases_warned') }}
where account_id like 'C%'
union all
select
    'SC35B' as code,
    account_id as item_key,
    account_id,
    first_judicial_date as quarter_date,
    contact_date as started_date,
    first_judicial_date as done_date,
    is_contacted as is_right
from {{ ref('int_service__accounts_contacted') }}
where account_id like 'C%'

select
    'SC09' as code,
    insolvency_id as item_key,
    affiliate_id as account_id,
    opened_date as quarter_date,
    opened_date as started_date,
    opened_date + 60 as deadline_date,
    -- A claim that the fund started counts whenever it did.
    case
        when automatic_date is not null then least(automatic_date, opened_date + 60)
        else applied_date
    end as done_date,
    true as is_right
from {{ ref('int_benefit__bankruptcies_claimed') }}
-- The promise counts from the opening, which the end of an affiliation alone does not tell.
where kind = 'bankruptcy' and insolvency_id is not null

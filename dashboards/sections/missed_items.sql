-- part: chosen
from service.fct_missed_items
where code = $code and quarter = $quarter and ($office = 'ALL' or office_code = $office)

-- query: count
select count(*) as items
{chosen}

-- query: listed
select
    item_key,
    account_id,
    office_code,
    breakdown_code,
    started_date,
    deadline_date,
    done_date,
    amount,
    -- What is not done yet is late by the day on which somebody looks (H7).
    case
        when done_date is null and deadline_date is not null
            then date_diff('day', deadline_date, cast($today as date))
        else days_over
    end as days_over
{chosen}
order by days_over desc nulls last, abs(amount) desc nulls last, item_key
limit $listed

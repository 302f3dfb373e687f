-- Behind each value, the files that a manager can act on. Items without a key are counted but are no lapse to list.
select
    code,
    quarter,
    office_code,
    item_key,
    account_id,
    breakdown_code,
    started_date,
    deadline_date,
    done_date,
    -- What is not done yet is a day more over its deadline every day.
    coalesce(
        days_over,
        cast(
            nullif(greatest(datediff('day', deadline_date, coalesce(done_date, as_of_date())), 0), 0) as integer
        )
    ) as days_over,
    amount
from {{ ref('int_service__commitments_tallied') }}
where not is_met and item_key is not null

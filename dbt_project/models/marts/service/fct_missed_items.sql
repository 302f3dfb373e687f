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
    days_over,
    amount
from {{ ref('int_service__commitments_gathered') }}
where not is_met and item_key is not null

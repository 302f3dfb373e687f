-- In time and accepted: a message that was rejected, or that INASTI has not accepted by its due date, is missed.
select
    'SC20' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    due_date as deadline_date,
    case when status in ('accepted', 'rejected') or due_date < as_of_date() then sent_date end as done_date,
    status = 'accepted' as is_right,
    flow as breakdown_code
from {{ ref('stg_transmissions') }}
where flow in ('career_data', 'pension_income')

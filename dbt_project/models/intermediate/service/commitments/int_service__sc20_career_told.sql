-- In time and accepted: a message that was rejected, or that INASTI has not accepted by its due date, is missed.
{% set items -%}
select
    'SC20' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    cast(null as date) as started_date,
    due_date as deadline_date,
    case when status in ('accepted', 'rejected') or due_date < THE_DATE then sent_date end as done_date,
    status = 'accepted' as is_right,
    flow as breakdown_code
from THE_ROWS
where flow in ('career_data', 'pension_income')
{%- endset -%}
{{ commitment_tallies(items, ['is_right', 'breakdown_code'], ref('int_service__transmissions_judged')) }}

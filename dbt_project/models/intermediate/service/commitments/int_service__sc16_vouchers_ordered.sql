{% set items -%}
select
    'SC16' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    cast(null as date) as started_date,
    due_date as deadline_date,
    sent_date as done_date
from THE_ROWS
where flow = 'maternity_voucher_order'
{%- endset -%}
{{ commitment_tallies(items, [], ref('int_service__transmissions_judged')) }}

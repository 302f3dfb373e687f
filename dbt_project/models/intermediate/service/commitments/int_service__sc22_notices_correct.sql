{% set items -%}
select
    'SC22' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    sent_date as started_date,
    null as deadline_date,
    sent_date as done_date,
    corrected_by is null as is_right,
    kind as breakdown_code
from THE_ROWS
where kind in ('due_notice', 'regularisation_notice') and sent_date <= THE_DATE
{%- endset -%}
{{ commitment_tallies(items, ['is_right', 'breakdown_code'], ref('int_service__notices_judged')) }}

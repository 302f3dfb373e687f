{% set items -%}
select
    case when kind = 'due_notice' then 'SC23' else 'SC23B' end as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    cast(null as date) as started_date,
    latest_date as deadline_date,
    sent_date as done_date
from THE_ROWS
where kind in ('due_notice', 'regularisation_notice')
{%- endset -%}
{{ commitment_tallies(items, [], ref('int_service__notices_judged')) }}

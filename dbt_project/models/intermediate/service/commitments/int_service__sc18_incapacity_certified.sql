{% set items -%}
select
    'SC18' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    cast(null as date) as started_date,
    due_date as deadline_date,
    sent_date as done_date,
    {{ mutuality_union('recipient') }} as breakdown_code
from THE_ROWS
where flow = 'incapacity_certificate'
{%- endset -%}
{{ commitment_tallies(items, ['breakdown_code'], ref('int_service__transmissions_judged')) }}

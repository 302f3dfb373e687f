{% set items -%}
with notices as (
    select *
    from THE_ROWS
    where kind = 'company_notice'
)

select
    'SC33' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    sent_date as started_date,
    null as deadline_date,
    sent_date as done_date,
    corrected_by is null as is_right
from notices
where sent_date <= THE_DATE
union all
select
    'SC33B' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    cast(null as date) as started_date,
    latest_date as deadline_date,
    sent_date as done_date,
    true as is_right
from notices
{%- endset -%}
{{ commitment_tallies(items, ['is_right'], ref('int_service__notices_judged')) }}

with notices as (
    select *
    from {{ ref('stg_notices') }}
    where kind = 'company_notice'
)

select
    'SC33' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    sent_date as started_date,
    sent_date as done_date,
    corrected_by is null as is_right
from notices
where sent_date <= as_of_date()
union all by name
select
    'SC33B' as code,
    notice_id as item_key,
    account_id,
    latest_date as quarter_date,
    latest_date as deadline_date,
    sent_date as done_date,
    true as is_right
from notices

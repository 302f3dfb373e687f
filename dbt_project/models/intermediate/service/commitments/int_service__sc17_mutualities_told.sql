{% set items -%}
with vouchers as (
    select
        *,
        {{ mutuality_union('recipient') }} as breakdown_code
    from THE_ROWS
    where flow = 'mutuality_contribution_voucher'
)

select
    'SC17' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    cast(null as date) as started_date,
    due_date as deadline_date,
    sent_date as done_date,
    true as is_right,
    breakdown_code
from vouchers
union all
-- What the mutuality has not answered yet is neither accepted nor rejected.
select
    'SC17B' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    cast(null as date) as started_date,
    null as deadline_date,
    sent_date as done_date,
    status = 'accepted' as is_right,
    breakdown_code
from vouchers
where sending = 1 and status in ('accepted', 'rejected') and sent_date is not null
{%- endset -%}
{{ commitment_tallies(items, ['is_right', 'breakdown_code'], ref('int_service__transmissions_judged')) }}

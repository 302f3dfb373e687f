with vouchers as (
    select
        transmission_id,
        account_id,
        due_date,
        sent_date,
        status,
        mutuality_union(recipient) as breakdown_code
    from {{ ref('stg_transmissions') }}
    where flow = 'mutuality_contribution_voucher'
)

select
    'SC17' as code,
    transmission_id as item_key,
    account_id,
    due_date as quarter_date,
    due_date as deadline_date,
    sent_date as done_date,
    true as is_right,
    breakdown_code
from vouchers
union all by name
-- The first sendings. What the mutuality has not answered yet is neither accepted nor rejected.
select
    'SC17B' as code,
    vouchers.transmission_id as item_key,
    vouchers.account_id,
    vouchers.due_date as quarter_date,
    vouchers.sent_date as done_date,
    vouchers.status = 'accepted' as is_right,
    vouchers.breakdown_code
from vouchers
left join {{ ref('int_service__transmissions_resent') }} as resent on vouchers.transmission_id = resent.transmission_id
where
    resent.transmission_id is null
    and vouchers.status in ('accepted', 'rejected')
    and vouchers.sent_date <= as_of_date()

-- Ruling E3: what is still owed of charges whose prescription date has come, in the quarter of that date; and what will
-- be prescribed within six months of the as-of date.
with prescriptions as (
    select
        *,
        prescription_date <= as_of_date() as is_past
    from {{ ref('mart_prescription') }}
    where prescription_date <= months_added(as_of_date(), 6)
)

select
    case when is_past then 'SC32' else 'SC32B' end as code,
    charge_id as item_key,
    account_id,
    case when is_past then prescription_date else as_of_date() end as quarter_date,
    interrupted_on as started_date,
    prescription_date as done_date,
    false as is_right,
    outstanding_amount as amount
from prescriptions

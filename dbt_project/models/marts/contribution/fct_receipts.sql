-- In the order of accounts: who looks up one reads little of the table.
select
    payment_id,
    account_id,
    value_date,
    amount,
    channel,
    charge_id as designated_charge_id,
    structured_communication
from {{ ref('stg_payments') }}
order by account_id, value_date, payment_id

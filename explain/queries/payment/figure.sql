select payment_id, account_id, value_date, amount, channel, designated_charge_id
from contribution.fct_receipts
where payment_id = $id

select
    {{ id_number('payment_id') }} as payment_number,
    {{ account_key('account_id') }} as account_key,
    value_date,
    amount,
    {{ id_number('charge_id') }} as designated_charge_number
from {{ ref('stg_payments') }}
where {{ only_touched('account_id') }}

select
    charge_id,
    account_id,
    outstanding_amount,
    prescription_date,
    interrupted_by,
    interrupted_on,
    cast(prescription_date - as_of_date() as integer) as days_left,
    prescription_date <= as_of_date() as is_prescribed
from {{ ref('fct_open_charges') }}

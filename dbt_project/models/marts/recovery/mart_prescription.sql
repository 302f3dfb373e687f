{#- A view: days left change every day for every charge, and counting them when read spares a daily build from rewriting
    them all. The database name is left out, so the file can be opened under any name. -#}
{{ config(materialized='view') }}

select
    {{ id_text('D', 'charges.charge_number') }} as charge_id,
    charges.account_id,
    charges.outstanding_amount,
    charges.prescription_date,
    charges.interrupted_by,
    charges.interrupted_on,
    cast(datediff('day', as_of.as_of_date, charges.prescription_date) as integer) as days_left,
    charges.prescription_date <= as_of.as_of_date as is_prescribed
from {{ ref('fct_open_charges').include(database=false) }} as charges
cross join {{ ref('as_of').include(database=false) }} as as_of

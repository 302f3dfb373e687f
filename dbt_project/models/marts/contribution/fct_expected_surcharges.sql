{#- A view: what is claimed is judged when its account changes, what is not falls due with the calendar as well; both
    are kept in numbers. The database name is left out, so the file can be opened under any name. -#}
{{ config(materialized='view') }}

select
    {{ id_text('D', 'charge_number') }} as charge_id,
    {{ account_id('account_key') }} as account_id,
    charge_type,
    {{ id_text('D', 'related_charge_number') }} as related_charge_id,
    surcharge_kind,
    fall_date,
    unpaid_amount,
    gross_amount,
    expected_amount,
    cast(gross_amount - expected_amount as decimal(18, 2)) as difference_amount,
    difference_reason,
    claim_code
from {{ ref('surcharges_claimed').include(database=false) }}
union all
select
    null as charge_id,
    {{ account_id('account_key') }} as account_id,
    charge_type,
    {{ id_text('D', 'related_charge_number') }} as related_charge_id,
    surcharge_kind,
    fall_date,
    unpaid_amount,
    cast(0 as decimal(18, 2)) as gross_amount,
    expected_amount,
    cast(-expected_amount as decimal(18, 2)) as difference_amount,
    difference_reason,
    null as claim_code
from {{ ref('surcharges_owed').include(database=false) }}

{#- A view that writes identifiers as readers know them: the ledger keeps numbers, which are stored, sorted and joined
    at a third of the price. The database name is left out, so the file can be opened under any name. -#}
{{ config(materialized='view') }}

select
    {{ account_id('account_key') }} as account_id,
    account_key,
    {{ id_text('D', 'charge_number') }} as charge_id,
    case credit_kind
        when 0 then {{ id_text('P', 'credit_number') }}
        when 1 then {{ id_text('D', 'credit_number') }}
        else excess_id
    end as credit_id,
    case credit_kind
        when 0 then 'payment'
        when 1 then 'regularisation_credit'
        else 'relief_excess'
    end as credit_type,
    designated,
    value_date,
    allocated_amount
from {{ ref('fct_allocations_ledger').include(database=false) }}

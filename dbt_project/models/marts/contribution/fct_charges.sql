{#- A view over the ledger: days past due change every day for every open charge, and computing them when read spares
    each daily build from rewriting them all. The database name is left out, so the file can be opened under any name. -#}
{{ config(materialized='view') }}

select
    {{ id_text('D', 'ledger.charge_number') }} as charge_id,
    {{ account_id('ledger.account_key') }} as account_id,
    ledger.account_key,
    {{ account_type('ledger.account_key') }} as account_type,
    cast(ledger.charge_type as varchar) as charge_type,
    ledger.contribution_year,
    ledger.contribution_quarter,
    cast(ledger.category as varchar) as category,
    cast(ledger.nature as varchar) as nature,
    ledger.issue_date,
    ledger.due_date,
    ledger.gross_amount,
    ledger.cancelled_amount,
    ledger.relief_amount,
    ledger.net_amount,
    ledger.collected_amount,
    ledger.credited_amount,
    ledger.outstanding_amount,
    ledger.collected_on_time_amount,
    ledger.settled_date,
    ledger.days_late,
    cast(
        case
            when ledger.outstanding_amount > 0 and ledger.due_date < as_of.as_of_date
                then datediff('day', ledger.due_date, as_of.as_of_date)
            else 0
        end as integer
    ) as days_past_due,
    -- What is not in the register of differences equals its legal amount.
    case
        when differing.charge_number is not null then differing.expected_amount
        when {{ has_legal_amount('ledger.charge_type') }} then ledger.gross_amount
    end as expected_amount,
    case
        when differing.charge_number is not null then differing.difference_amount
        when {{ has_legal_amount('ledger.charge_type') }} then cast(0 as decimal(18, 2))
    end as difference_amount,
    differing.difference_reason,
    {{ id_text('D', 'ledger.related_charge_number') }} as related_charge_id,
    ledger.collected_in_issue_year_amount,
    ledger.outstanding_at_issue_year_end_amount
from {{ ref('fct_charges_ledger').include(database=false) }} as ledger
left join {{ ref('fct_charges_differing').include(database=false) }} as differing
    on ledger.charge_number = differing.charge_number
cross join {{ ref('as_of').include(database=false) }} as as_of

{#- A view that writes identifiers as readers know them and ends with the quarter of the as-of date: the register holds
    the whole year, so that a quarter that begins changes nothing there. The database name is left out, so the file can
    be opened under any name. -#}
{{ config(materialized='view') }}

select
    {{ account_id('assessed.account_key') }} as affiliate_id,
    assessed.contribution_year,
    assessed.contribution_quarter,
    assessed.category,
    assessed.quarters_liable,
    assessed.primo_quarter,
    assessed.has_reference_year,
    assessed.provisional_basis,
    assessed.expected_provisional,
    assessed.final_basis,
    assessed.expected_final
from {{ ref('fct_quarters_assessed').include(database=false) }} as assessed
cross join {{ ref('as_of').include(database=false) }} as as_of
where
    assessed.contribution_year * 4 + assessed.contribution_quarter - 1
    <= {{ quarter_index('as_of.as_of_date') }}

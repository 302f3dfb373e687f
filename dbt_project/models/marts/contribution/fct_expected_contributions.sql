{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_contribution__accounts_reassessed',
    touched_by='affiliate_id',
    touched_as='account_id'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}

select
    {{ account_id('account_key') }} as affiliate_id,
    cast(contribution_year as integer) as contribution_year,
    cast(contribution_quarter as integer) as contribution_quarter,
    category,
    cast(quarters_liable as integer) as quarters_liable,
    cast(primo_quarter as integer) as primo_quarter,
    has_reference_year,
    cast(provisional_basis as decimal(18, 2)) as provisional_basis,
    cast(expected_provisional as decimal(18, 2)) as expected_provisional,
    cast(final_basis as decimal(18, 2)) as final_basis,
    cast(expected_final as decimal(18, 2)) as expected_final
from {{ ref('int_contribution__quarters_assessed') }}
where contribution_year * 4 + contribution_quarter - 1 <= {{ quarter_index(as_of_date()) }}

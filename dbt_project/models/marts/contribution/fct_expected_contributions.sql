{#- A view that writes identifiers as readers know them and ends with the quarter of the as-of date: the register holds
    the whole year, so that a quarter that begins changes nothing there. The database name is left out, so the file can
    be opened under any name. -#}
{{ config(materialized='view') }}

with quarters as (
    select * from {{ ref('fct_quarters_assessed').include(database=false) }}
    union all by name
    select *
    from (
        {{ quarters_unassessed(
            ref('fct_years_unassessed').include(database=false), ref('categories').include(database=false)
        ) }}
    ) as unassessed
)

select
    {{ account_id('quarters.account_key') }} as affiliate_id,
    quarters.contribution_year,
    quarters.contribution_quarter,
    cast(quarters.category as varchar) as category,
    quarters.quarters_liable,
    quarters.primo_quarter,
    coalesce(quarters.has_reference_year, false) as has_reference_year,
    quarters.provisional_basis,
    quarters.expected_provisional,
    quarters.final_basis,
    quarters.expected_final
from quarters
cross join {{ ref('as_of').include(database=false) }} as as_of
where
    quarters.contribution_year * 4 + quarters.contribution_quarter - 1
    <= {{ quarter_index('as_of.as_of_date') }}

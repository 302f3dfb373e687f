-- The charges that cases hold, by number. A table, because many models join it with the ledger: of a table the engine
-- knows how small it is; of a view on deliveries it does not, and keeps 50 million rows of the ledger in memory.
with numbers as materialized (
    select
        case_id,
        cast(row_number() over () as integer) as case_number
    from {{ ref('stg_recovery_cases') }}
)

select
    numbers.case_number,
    links.case_id,
    cast({{ id_number('links.charge_id') }} as bigint) as charge_number
from {{ ref('stg_recovery_case_charges') }} as links
inner join numbers on links.case_id = numbers.case_id

{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
with compared as (
    select * from {{ ref('int_law__provisionals_compared') }}
    union all
    select * from {{ ref('int_law__regularisations_compared') }}
    union all
    select * from {{ ref('int_law__companies_compared') }}
)

select
    charge_id,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    difference_reason
from compared

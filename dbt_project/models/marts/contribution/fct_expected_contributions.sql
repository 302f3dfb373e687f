{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- B5: quarters that began on or before the as-of date.
select
    affiliate_id,
    contribution_year,
    contribution_quarter,
    category,
    quarters_liable,
    primo_quarter,
    has_reference_year,
    provisional_basis,
    expected_provisional,
    final_basis,
    expected_final
from {{ ref('int_law__quarters_assessed') }}
where contribution_year * 4 + contribution_quarter - 1 <= quarter_index(as_of_date()) and in_slice(affiliate_id)

-- Royal decree of 19 December 1967, art. 60bis: what was collected by 31 December of what was first claimed that year.
select
    claim_year,
    account_type,
    claimed_amount,
    collected_by_year_end_amount,
    cast(100 * collected_by_year_end_amount / nullif(claimed_amount, 0) as double) as perception_pct,
    cast(year_end_outstanding_amount / nullif(claimed_amount, 0) as double) as year_end_outstanding_ratio
from {{ ref('claim_years') }}
-- Only years that have ended (ruling B3).
where make_date(claim_year, 12, 31) <= {{ as_of_date() }}

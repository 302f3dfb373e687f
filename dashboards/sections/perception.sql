-- query: years
-- Shares of what was claimed; the band of the projection at 95 %, inside what can be.
select
    *,
    cast(perception_pct / 100 as double) as perception_rate,
    cast(credited_amount / nullif(claimed_amount, 0) as double) as credited_share,
    cast(outstanding_amount / nullif(claimed_amount, 0) as double) as outstanding_share,
    same_day_pct / 100 as same_day_rate,
    projected_pct / 100 as projected_rate,
    greatest(projected_pct - 1.96 * standard_error_pct, 0) / 100 as projected_low,
    least(projected_pct + 1.96 * standard_error_pct, 100) / 100 as projected_high
from contribution.mart_perception_parts
order by claim_year, account_type

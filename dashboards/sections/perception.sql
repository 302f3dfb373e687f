-- query: years
select *, cast(perception_pct / 100 as double) as perception_rate
from contribution.mart_perception
order by claim_year, account_type

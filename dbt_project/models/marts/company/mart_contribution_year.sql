select
    contribution_year,
    size_class,
    count(*) filter (where claimed_amount > 0) as companies,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    count(exemption) as exempt_companies,
    count(*) filter (where exemption = 'inactive') as inactive_companies,
    count(*) filter (where exemption = 'insolvency') as insolvent_companies,
    count(*) filter (where exemption = 'starter') as starting_companies,
    count(*) filter (where outstanding_amount > 0) as owing_companies,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
from {{ ref('int_company__years_claimed') }}
group by contribution_year, size_class
having count(*) filter (where is_claimed) > 0 or count(exemption) > 0

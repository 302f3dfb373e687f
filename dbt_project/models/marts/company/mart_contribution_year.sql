select
    contribution_year,
    size_class,
    cast(count(*) filter (where claimed_amount > 0) as bigint) as companies,
    cast(sum(claimed_amount) as decimal(18, 2)) as claimed_amount,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount,
    cast(count(exemption) as bigint) as exempt_companies,
    cast(count(*) filter (where exemption = 'inactive') as bigint) as inactive_companies,
    cast(count(*) filter (where exemption = 'insolvency') as bigint) as insolvent_companies,
    cast(count(*) filter (where exemption = 'starter') as bigint) as starting_companies,
    cast(count(*) filter (where outstanding_amount > 0) as bigint) as owing_companies,
    cast(sum(collected_amount) / nullif(sum(claimed_amount), 0) as double) as collection_rate
from {{ ref('company_years') }}
group by contribution_year, size_class
having count(*) filter (where is_claimed) > 0 or count(exemption) > 0

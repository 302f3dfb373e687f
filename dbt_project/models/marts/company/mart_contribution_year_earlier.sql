-- The amounts of mart_contribution_year as they stood a year before the as-of date: a contribution year now stands
-- beside the year before, here, at the same age.
with years as (
    select
        sizes.contribution_year,
        sizes.size_class,
        count(distinct charges.account_id) filter (where charges.net_amount > 0) as companies,
        sum(charges.net_amount) as claimed_amount,
        sum(earlier.collected_year_earlier_amount) as collected_amount,
        sum(earlier.outstanding_year_earlier_amount) as outstanding_amount
    from {{ ref('fct_charges') }} as charges
    inner join {{ ref('int_ledger__charges_earlier') }} as earlier on charges.charge_id = earlier.charge_id
    inner join {{ ref('int_company__years_claimed') }} as sizes
        on charges.account_id = sizes.company_id and charges.contribution_year = sizes.contribution_year
    where charges.charge_type = 'company_contribution' and earlier.is_claimed_year_earlier
    group by sizes.contribution_year, sizes.size_class
)

select
    years_added(as_of_date(), -1) as observation_date,
    contribution_year,
    size_class,
    companies,
    cast(claimed_amount as decimal(18, 2)) as claimed_amount,
    cast(collected_amount as decimal(18, 2)) as collected_amount,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(collected_amount / nullif(claimed_amount, 0) as double) as collection_rate
from years

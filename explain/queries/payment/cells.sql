-- The cells of T08 that count what this payment covered: by year of the charge and of the money.
with covered as (
    select charges.contribution_year::varchar as contribution_year,
        coalesce(charges.contribution_quarter::varchar, 'Y') as contribution_quarter,
        charges.charge_type as claim_type, coalesce(charges.nature, '_T') as nature,
        year(allocations.value_date)::varchar as collection_year
    from contribution.fct_allocations as allocations
    inner join contribution.fct_charges as charges
        on allocations.charge_id = charges.charge_id and charges.account_id = $account
    where allocations.account_id = $account and allocations.credit_id = $id
        and allocations.credit_type = 'payment'
)

select distinct 'T08:contribution_year=' || cells.contribution_year || ',contribution_quarter='
    || cells.contribution_quarter || ',claim_group=' || claim_group || ',claim_type='
    || cells.claim_type || ',nature=' || cells.nature || ',collection_year='
    || cells.collection_year || ',measure=' || measure as cell, measure, obs_value
from statistics.stat_t08 as cells
inner join covered using (contribution_year, contribution_quarter, claim_type, nature, collection_year)
where measure = 'collected_amount'
order by cell

-- T08 over the years, types and natures, against the ledger itself: what was claimed and collected, to the cent.
with by_type as (
    select
        contribution_year,
        charge_type,
        sum(net_amount) as claimed_amount,
        sum(collected_amount) as collected_amount
    from {{ ref('fct_charges') }}
    where net_amount > 0
    group by contribution_year, charge_type
),

ledger as (
    select
        by_type.contribution_year,
        claim_types.claim_group,
        sum(by_type.claimed_amount) as claimed_amount,
        sum(by_type.collected_amount) as collected_amount
    from by_type
    inner join {{ ref('claim_types') }} as claim_types on by_type.charge_type = claim_types.charge_type
    group by by_type.contribution_year, claim_types.claim_group
),

statistic as (
    select
        contribution_year,
        claim_group,
        coalesce(sum(obs_value) filter (where measure = 'claimed_amount'), 0) as claimed_amount,
        coalesce(sum(obs_value) filter (where measure = 'collected_amount' and collection_year = '_T'), 0)
            as collected_amount,
        coalesce(sum(obs_value) filter (where measure = 'collected_amount' and collection_year <> '_T'), 0)
            as collected_by_year_amount
    from {{ ref('stat_t08') }}
    where contribution_quarter = '_T' and claim_type = '_T' and nature = '_T' and contribution_year <> '_T'
    group by contribution_year, claim_group
)

select
    coalesce(cast(ledger.contribution_year as varchar), statistic.contribution_year) as contribution_year,
    coalesce(ledger.claim_group, statistic.claim_group) as claim_group,
    ledger.claimed_amount,
    statistic.claimed_amount as claimed_shown_amount,
    ledger.collected_amount,
    statistic.collected_amount as collected_shown_amount,
    statistic.collected_by_year_amount
from ledger
full outer join statistic
    on
        cast(ledger.contribution_year as varchar) = statistic.contribution_year
        and ledger.claim_group = statistic.claim_group
where
    ledger.claimed_amount is distinct from statistic.claimed_amount
    or ledger.collected_amount is distinct from statistic.collected_amount
    or ledger.collected_amount is distinct from statistic.collected_by_year_amount

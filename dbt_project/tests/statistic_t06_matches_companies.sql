-- T06 against the contribution years of companies, by size class, and against T08: what was claimed, collected and is
-- still owed, to the cent (equation 4 of statistics-tables.md).
with statistic as (
    select
        ref_period,
        size_class,
        sum(obs_value) filter (where measure = 'claimed_amount') as claimed_amount,
        sum(obs_value) filter (where measure = 'collected_amount') as collected_amount,
        sum(obs_value) filter (where measure = 'outstanding_amount') as outstanding_amount
    from {{ ref('stat_t06') }}
    where legal_form = '_T' and company_status = '_T' and region = '_T' and measure <> 'companies'
    group by ref_period, size_class
),

told_elsewhere as (
    -- Of the years that have ended, what was claimed. T08 has no size and no outstanding.
    select
        cast(contribution_year as varchar) as ref_period,
        size_class,
        claimed_amount,
        collected_amount,
        outstanding_amount
    from {{ ref('mart_contribution_year') }}
    where
        contribution_year >= first_year()
        and contribution_year < year(as_of_date() + 1)
        and claimed_amount > 0
    union all
    select
        claims.contribution_year as ref_period,
        '_T' as size_class,
        sum(claims.obs_value) filter (where claims.measure = 'claimed_amount') as claimed_amount,
        sum(claims.obs_value) filter (where claims.measure = 'collected_amount') as collected_amount,
        null as outstanding_amount
    from {{ ref('stat_t08') }} as claims
    where
        claims.claim_type = 'company_contribution'
        and claims.contribution_quarter = '_T'
        and claims.nature = '_T'
        and claims.collection_year = '_T'
        and claims.contribution_year <> '_T'
        and cast(claims.contribution_year as integer) >= first_year()
        and cast(claims.contribution_year as integer) < year(as_of_date() + 1)
    group by claims.contribution_year
)

select
    coalesce(statistic.ref_period, told_elsewhere.ref_period) as ref_period,
    coalesce(statistic.size_class, told_elsewhere.size_class) as size_class,
    statistic.claimed_amount,
    told_elsewhere.claimed_amount as claimed_elsewhere,
    statistic.collected_amount,
    told_elsewhere.collected_amount as collected_elsewhere,
    statistic.outstanding_amount,
    told_elsewhere.outstanding_amount as outstanding_elsewhere
from statistic
full outer join told_elsewhere
    on statistic.ref_period = told_elsewhere.ref_period and statistic.size_class = told_elsewhere.size_class
where
    statistic.claimed_amount is distinct from told_elsewhere.claimed_amount
    or statistic.collected_amount is distinct from told_elsewhere.collected_amount
    or coalesce(told_elsewhere.outstanding_amount, statistic.outstanding_amount)
    is distinct from statistic.outstanding_amount

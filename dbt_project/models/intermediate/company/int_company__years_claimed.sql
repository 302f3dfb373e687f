-- Each company and each contribution year it was in the fund: from its creation (or the first year claimed) to the year
-- it left.
with claims as (
    select
        account_id as company_id,
        contribution_year,
        sum(net_amount) as claimed_amount,
        sum(collected_amount) as collected_amount,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('fct_charges') }}
    where account_type = 'company' and charge_type = 'company_contribution' and gross_amount > 0
    group by account_id, contribution_year
),

span as (
    select min(contribution_year) as first_year
    from claims
),

stays as (
    select
        companies.company_id,
        unnest(range(
            greatest(year(companies.incorporated_date), span.first_year),
            least(coalesce(year(companies.closed_date), year(as_of_date())), year(as_of_date())) + 1
        )) as contribution_year
    from {{ ref('stg_companies') }} as companies
    cross join span
),

years as (
    select
        coalesce(stays.company_id, claims.company_id) as company_id,
        coalesce(stays.contribution_year, claims.contribution_year) as contribution_year,
        claims.company_id is not null as is_claimed,
        coalesce(claims.claimed_amount, 0) as claimed_amount,
        coalesce(claims.collected_amount, 0) as collected_amount,
        coalesce(claims.outstanding_amount, 0) as outstanding_amount
    from stays
    full outer join claims
        on stays.company_id = claims.company_id and stays.contribution_year = claims.contribution_year
),

-- Law of 30 December 1992, art. 94: insolvent on a day of the year.
insolvent_years as (
    select distinct
        years.company_id,
        years.contribution_year
    from years
    inner join {{ ref('stg_insolvencies') }} as insolvencies on years.company_id = insolvencies.account_id
    where
        insolvencies.kind in ('bankruptcy', 'liquidation', 'judicial_reorganisation')
        and insolvencies.opened_date <= as_of_date()
        and years.contribution_year >= year(insolvencies.opened_date)
        and (insolvencies.closed_date is null or years.contribution_year <= year(insolvencies.closed_date))
)

select
    years.company_id,
    cast(years.contribution_year as integer) as contribution_year,
    coalesce(sizes.size_class, 'small') as size_class,
    years.is_claimed,
    years.claimed_amount,
    years.collected_amount,
    years.outstanding_amount,
    -- Law of 30 December 1992, art. 92bis and 94: why a company owes nothing for a year. A company without activity is
    -- claimed and then cancelled on its certificate; a young one is not claimed, which is known when the year is over.
    case
        when years.claimed_amount > 0 then null
        when insolvent_years.company_id is not null then 'insolvency'
        when companies.status = 'dormant' and years.is_claimed then 'inactive'
        when
            not years.is_claimed
            and companies.legal_form <> 'SA'
            and years.contribution_year <= year(companies.incorporated_date) + 2
            and years.contribution_year < year(as_of_date())
            then 'starter'
    end as exemption
from years
-- A company that a full delivery left out still has its charges (F4, F6).
left join {{ ref('stg_companies') }} as companies on years.company_id = companies.company_id
left join {{ ref('int_company__sizes') }} as sizes
    on
        years.company_id = sizes.company_id
        and years.contribution_year = sizes.contribution_year
left join insolvent_years
    on
        years.company_id = insolvent_years.company_id
        and years.contribution_year = insolvent_years.contribution_year

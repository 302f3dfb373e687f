-- T06 of statistics-tables.md. A company has one record a year, so what it brings to a cell is its record.
with years as (
    -- S1: the years that have ended.
    select cast(unnest(range(first_year(), year(as_of_date() + 1))) as integer) as contribution_year
),

-- In the fund on 31 December, with the status that is known today.
in_fund as (
    select
        companies.company_id,
        years.contribution_year,
        case when companies.status in ('closed', 'transferred_out') then 'left_since' else companies.status end
            as company_status
    from {{ ref('stg_companies') }} as companies
    inner join years
        on
            companies.affiliated_date <= make_date(years.contribution_year, 12, 31)
            and coalesce(companies.closed_date, date '9999-12-31') > make_date(years.contribution_year, 12, 31)
),

-- Claimed something for the year.
claimed as (
    select
        claims.company_id,
        claims.contribution_year,
        claims.claimed_amount,
        claims.collected_amount,
        claims.outstanding_amount
    from {{ ref('int_company__years_claimed') }} as claims
    inner join years on claims.contribution_year = years.contribution_year
    where claims.claimed_amount > 0
),

company_years as (
    select
        coalesce(in_fund.company_id, claimed.company_id) as company_id,
        coalesce(in_fund.contribution_year, claimed.contribution_year) as contribution_year,
        in_fund.company_status,
        claimed.claimed_amount,
        claimed.collected_amount,
        claimed.outstanding_amount
    from in_fund
    full outer join claimed
        on in_fund.company_id = claimed.company_id and in_fund.contribution_year = claimed.contribution_year
),

records as (
    select
        company_years.company_id,
        cast(company_years.contribution_year as varchar) as ref_period,
        coalesce(companies.legal_form, 'unknown') as legal_form,
        coalesce(sizes.size_class, 'small') as size_class,
        company_years.company_status,
        residences.region_nis as region,
        residences.province_code as province,
        1 as companies,
        company_years.claimed_amount,
        company_years.collected_amount,
        company_years.outstanding_amount
    from company_years
    -- A company that a full delivery left out still has its charges (F4, F6).
    left join {{ ref('stg_companies') }} as companies on company_years.company_id = companies.company_id
    left join {{ ref('int_company__sizes') }} as sizes
        on
            company_years.company_id = sizes.company_id
            and company_years.contribution_year = sizes.contribution_year
    -- S8: the registered office on 31 December.
    inner join {{ ref('int_population__residences_dated') }} as residences
        on
            coalesce(companies.municipality_nis, 'ABROAD') = residences.known_municipality_nis
            and residences.from_date <= make_date(company_years.contribution_year, 12, 31)
            and residences.to_date >= make_date(company_years.contribution_year, 12, 31)
),

cells as (
    select
        ref_period,
        legal_form,
        size_class,
        company_status,
        region,
        province,
        'companies' as measure,
        cast(sum(companies) as decimal(24, 6)) as obs_value,
        count(*) as contributors,
        max(companies, 2) as largest
    from records
    where company_status is not null
    group by
        ref_period,
        grouping sets (
            -- T06.1 Y: legal_form size_class company_status
            cube (legal_form, size_class, company_status),
            -- T06.2 Y: size_class company_status region>province (without region: above)
            (size_class, company_status, region, province), (size_class, company_status, region),
            (size_class, region, province), (size_class, region),
            (company_status, region, province), (company_status, region),
            (region, province), (region)
        )
    union all by name
    select
        ref_period,
        legal_form,
        size_class,
        region,
        province,
        unnest([  -- noqa: AL03
            {
                'measure': 'claimed_companies',
                'obs_value': cast(sum(companies) as decimal(24, 6)),
                'contributors': count(*),
                'largest': max(cast(companies as decimal(18, 2)), 2)
            },
            {
                'measure': 'claimed_amount',
                'obs_value': cast(sum(claimed_amount) as decimal(24, 6)),
                'contributors': count(*),
                'largest': max(cast(claimed_amount as decimal(18, 2)), 2)
            },
            {
                'measure': 'collected_amount',
                'obs_value': cast(sum(collected_amount) as decimal(24, 6)),
                'contributors': count(nullif(collected_amount, 0)),
                'largest': max(cast(abs(nullif(collected_amount, 0)) as decimal(18, 2)), 2)
            },
            {
                'measure': 'outstanding_amount',
                'obs_value': cast(sum(outstanding_amount) as decimal(24, 6)),
                'contributors': count(nullif(outstanding_amount, 0)),
                'largest': max(cast(abs(nullif(outstanding_amount, 0)) as decimal(18, 2)), 2)
            },
            {
                'measure': 'collected_pct',
                'obs_value': cast(
                    100 * cast(sum(collected_amount) as decimal(18, 2)) / sum(claimed_amount) as decimal(24, 6)
                ),
                'contributors': count(*),
                'largest': null
            }
        ], recursive := true)
    from records
    where claimed_amount is not null
    group by
        ref_period,
        grouping sets (
            -- T06.3 Y: legal_form size_class
            cube (legal_form, size_class),
            -- T06.4 Y: size_class region>province (without region: above)
            (size_class, region, province), (size_class, region), (region, province), (region)
        )
)

select
    ref_period,
    coalesce(legal_form, '_T') as legal_form,
    coalesce(size_class, '_T') as size_class,
    coalesce(company_status, '_T') as company_status,
    coalesce(region, '_T') as region,
    coalesce(province, '_T') as province,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells

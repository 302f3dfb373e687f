-- T07 of statistics-tables.md. An affiliate has one record a year, so what it brings to a cell is its record.
with last_quarters as (
    select
        affiliate_id,
        contribution_year,
        max(contribution_quarter) as contribution_quarter,
        arg_max(category, contribution_quarter) as category
    from {{ ref('int_law__quarters_liable') }}
    -- S1: the years that have ended.
    where contribution_year >= first_year() and contribution_year < year(as_of_date() + 1)
    group by affiliate_id, contribution_year
),

-- Of the periods that count for the quarter, the first by (category, affiliation_id): the first of its category.
describing as (
    select
        last_quarters.affiliate_id,
        last_quarters.contribution_year,
        last_quarters.category,
        min(periods.affiliation_id) as affiliation_id
    from last_quarters
    inner join {{ ref('int_law__periods_liable') }} as periods
        on
            last_quarters.affiliate_id = periods.affiliate_id
            and last_quarters.category = periods.category
            and last_quarters.contribution_year * 4 + last_quarters.contribution_quarter - 1 >= periods.first_quarter
            and last_quarters.contribution_year * 4 + last_quarters.contribution_quarter - 1 <= periods.last_quarter
    group by all
),

incomes as (
    select
        affiliate_id,
        income_year,
        cast(net_income as decimal(18, 2)) as net_income,
        case
            when net_income < 0 then 'negative'
            when net_income = 0 then 'zero'
            when net_income < 5000 then '0-4999'
            when net_income < 10000 then '5000-9999'
            when net_income < 15000 then '10000-14999'
            when net_income < 20000 then '15000-19999'
            when net_income < 30000 then '20000-29999'
            when net_income < 40000 then '30000-39999'
            when net_income < 60000 then '40000-59999'
            when net_income < 80000 then '60000-79999'
            else '80000+'
        end as income_class
    from {{ ref('stg_incomes') }}
),

records as (
    select
        describing.affiliate_id,
        cast(describing.contribution_year as varchar) as ref_period,
        coalesce(incomes.income_class, 'unknown') as income_class,
        categories.nature,
        coalesce(affiliates.sex, 'unknown') as sex,
        coalesce(
            age_class(age_in_years(affiliates.birth_date, make_date(describing.contribution_year, 12, 31))),
            'unknown'
        ) as age_class,
        coalesce(professions.branch_code, 'unknown') as branch,
        1 as persons,
        incomes.net_income,
        bases.net_income as base_income
    from describing
    inner join {{ ref('categories') }} as categories on describing.category = categories.category
    inner join {{ ref('stg_affiliations') }} as affiliations
        on describing.affiliation_id = affiliations.affiliation_id
    left join {{ ref('dim_profession') }} as professions
        on affiliations.profession_code = professions.profession_code
    left join {{ ref('dim_affiliate') }} as affiliates on describing.affiliate_id = affiliates.affiliate_id
    left join incomes
        on describing.affiliate_id = incomes.affiliate_id and describing.contribution_year = incomes.income_year
    left join incomes as bases
        on describing.affiliate_id = bases.affiliate_id and describing.contribution_year - 3 = bases.income_year
),

cells as (
    select
        ref_period,
        income_class,
        nature,
        sex,
        age_class,
        branch,
        'persons' as measure,
        cast(sum(persons) as decimal(24, 6)) as obs_value,
        count(*) as contributors,
        max(persons, 2) as largest
    from records
    group by
        ref_period,
        grouping sets (
            -- T07.1 Y: income_class nature sex age_class
            cube (income_class, nature, sex, age_class),
            -- T07.2 Y: income_class branch nature (without branch: above)
            (income_class, branch, nature), (income_class, branch), (branch, nature), (branch)
        )
    union all by name
    select
        ref_period,
        nature,
        sex,
        age_class,
        branch,
        unnest([  -- noqa: AL03
            {
                'measure': 'persons_known',
                'obs_value': cast(sum(persons) as decimal(24, 6)),
                'contributors': count(*),
                'largest': max(cast(persons as decimal(18, 2)), 2)
            },
            {
                'measure': 'income_amount',
                'obs_value': cast(sum(net_income) as decimal(24, 6)),
                'contributors': count(nullif(net_income, 0)),
                'largest': max(abs(nullif(net_income, 0)), 2)
            },
            {
                'measure': 'mean_income',
                'obs_value': cast(sum(net_income) / sum(persons) as decimal(24, 6)),
                'contributors': count(*),
                'largest': null
            },
            {
                'measure': 'median_income',
                'obs_value': cast(median(cast(net_income as decimal(24, 6))) as decimal(24, 6)),
                'contributors': count(*),
                'largest': null
            }
        ], recursive := true)
    from records
    where net_income is not null
    group by
        ref_period,
        grouping sets (
            -- T07.3 Y: nature sex age_class
            cube (nature, sex, age_class),
            -- T07.4 Y: branch nature (without branch: above)
            (branch, nature), (branch)
        )
    union all by name
    -- T07.5 Y: nature sex
    select
        ref_period,
        nature,
        sex,
        unnest([  -- noqa: AL03
            {
                'measure': 'persons_both',
                'obs_value': cast(sum(persons) as decimal(24, 6)),
                'contributors': count(*),
                'largest': max(cast(persons as decimal(18, 2)), 2)
            },
            {
                'measure': 'base_amount',
                'obs_value': cast(sum(base_income) as decimal(24, 6)),
                'contributors': count(nullif(base_income, 0)),
                'largest': max(abs(nullif(base_income, 0)), 2)
            },
            {
                'measure': 'final_amount',
                'obs_value': cast(sum(net_income) as decimal(24, 6)),
                'contributors': count(nullif(net_income, 0)),
                'largest': max(abs(nullif(net_income, 0)), 2)
            },
            {
                'measure': 'final_to_base_pct',
                'obs_value': cast(
                    100 * cast(sum(net_income) as decimal(18, 2)) / nullif(sum(base_income), 0) as decimal(24, 6)
                ),
                'contributors': count(nullif(base_income, 0)),
                'largest': null
            }
        ], recursive := true)
    from records
    where net_income is not null and base_income is not null
    group by ref_period, cube (nature, sex)
)

select
    ref_period,
    coalesce(income_class, '_T') as income_class,
    coalesce(nature, '_T') as nature,
    coalesce(sex, '_T') as sex,
    coalesce(age_class, '_T') as age_class,
    coalesce(branch, '_T') as branch,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells
-- Incomes that add up to 0 are no base of a percentage.
where obs_value is not null

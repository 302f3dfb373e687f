-- T02 of statistics-tables.md. Each person has one cell on 31 December, so every margin is a sum over the finest cells,
-- as in T01.
with stock as (
    select
        cast(persons.quarter_index // 4 as varchar) as ref_period,
        professions.branch_code as branch,
        persons.profession_code as profession,
        coalesce(left(persons.nace_code, 2), 'unknown') as nace_division,
        persons.nature,
        persons.sex,
        persons.region_nis as region,
        count(*) as persons
    from {{ ref('int_population__persons_in_stock') }} as persons
    inner join {{ ref('dim_profession') }} as professions on persons.profession_code = professions.profession_code
    where persons.quarter_index % 4 = 3
    group by all
),

cells as (
    -- T02.1 Y: branch>profession nature sex
    select
        ref_period,
        branch,
        profession,
        nature,
        sex,
        sum(persons) as persons
    from stock
    group by ref_period, rollup (branch, profession), cube (nature, sex)
    union by name
    -- T02.2 Y: branch nature sex region
    select
        ref_period,
        branch,
        nature,
        sex,
        region,
        sum(persons) as persons
    from stock
    group by ref_period, cube (branch, nature, sex, region)
    union by name
    -- T02.3 Y: nace_division nature sex
    select
        ref_period,
        nace_division,
        nature,
        sex,
        sum(persons) as persons
    from stock
    group by ref_period, cube (nace_division, nature, sex)
)

select
    ref_period,
    coalesce(branch, '_T') as branch,
    coalesce(profession, '_T') as profession,
    coalesce(nace_division, '_T') as nace_division,
    coalesce(nature, '_T') as nature,
    coalesce(sex, '_T') as sex,
    coalesce(region, '_T') as region,
    'persons' as measure,
    cast(persons as decimal(18, 2)) as obs_value,
    cast(persons as bigint) as contributors,
    cast(1 as decimal(18, 2)) as largest_contribution,
    cast(case when persons > 1 then 1 end as decimal(18, 2)) as second_contribution
from cells

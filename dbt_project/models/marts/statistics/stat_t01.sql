-- T01 of statistics-tables.md. Each person has one cell on a reference date, so every margin is a sum over the finest
-- cells; a block is one `group by`, and `union` keeps a row that two blocks give once.
with counted as (
    select
        quarter_index,
        nature,
        category,
        quality,
        sex,
        age_class,
        municipality_nis,
        count(*) as persons
    from {{ ref('int_population__persons_in_stock') }}
    group by all
),

-- S1: the stock of 31 December is that of the year and that of its last quarter.
quarters_and_years as (
    select
        'Q' as frequency,
        quarter_index_text(quarter_index) as ref_period,
        *
    from counted
    union all
    select
        'Y' as frequency,
        cast(quarter_index // 4 as varchar) as ref_period,
        *
    from counted
    where quarter_index % 4 = 3
),

-- S8: the levels of residence, each of which covers everybody.
areas as (
    select
        municipality_nis,
        unnest(['REGION', 'LINGUISTIC_AREA', 'PROVINCE', 'ARRONDISSEMENT', 'MUNICIPALITY']) as residence_level,
        unnest([region_nis, linguistic_area, province_code, arrondissement_nis, municipality_nis]) as residence_code
    from {{ ref('int_population__residences_dated') }}
    union
    select
        municipality_nis,
        null as residence_level,
        null as residence_code
    from {{ ref('int_population__residences_dated') }}
),

residents as (
    select
        quarters_and_years.*,
        areas.residence_level,
        areas.residence_code
    from quarters_and_years
    inner join areas on quarters_and_years.municipality_nis = areas.municipality_nis
),

cells as (
    -- T01.1 YQ: nature>category quality sex
    select
        ref_period,
        nature,
        category,
        quality,
        sex,
        sum(persons) as persons
    from quarters_and_years
    group by ref_period, rollup (nature, category), cube (quality, sex)
    union by name
    -- T01.2 YQ: nature sex age_class
    select
        ref_period,
        nature,
        sex,
        age_class,
        sum(persons) as persons
    from quarters_and_years
    group by ref_period, cube (nature, sex, age_class)
    union by name
    -- T01.3 YQ: nature sex residence:REGION,LINGUISTIC_AREA,PROVINCE
    select
        ref_period,
        nature,
        sex,
        residence_level,
        residence_code,
        sum(persons) as persons
    from residents
    where coalesce(residence_level, '_T') in ('REGION', 'LINGUISTIC_AREA', 'PROVINCE', '_T')
    group by ref_period, cube (nature, sex), residence_level, residence_code
    union by name
    -- T01.4 Y: nature>category quality sex age_class
    select
        ref_period,
        nature,
        category,
        quality,
        sex,
        age_class,
        sum(persons) as persons
    from quarters_and_years
    where frequency = 'Y'
    group by ref_period, rollup (nature, category), cube (quality, sex, age_class)
    union by name
    -- T01.5 Y: nature>category sex residence:REGION,LINGUISTIC_AREA,PROVINCE,ARRONDISSEMENT
    select
        ref_period,
        nature,
        category,
        sex,
        residence_level,
        residence_code,
        sum(persons) as persons
    from residents
    where
        frequency = 'Y'
        and coalesce(residence_level, '_T') in ('REGION', 'LINGUISTIC_AREA', 'PROVINCE', 'ARRONDISSEMENT', '_T')
    group by ref_period, rollup (nature, category), cube (sex), residence_level, residence_code
    union by name
    -- T01.6 Y: nature sex age_class residence:REGION,LINGUISTIC_AREA,PROVINCE
    select
        ref_period,
        nature,
        sex,
        age_class,
        residence_level,
        residence_code,
        sum(persons) as persons
    from residents
    where frequency = 'Y' and coalesce(residence_level, '_T') in ('REGION', 'LINGUISTIC_AREA', 'PROVINCE', '_T')
    group by ref_period, cube (nature, sex, age_class), residence_level, residence_code
    union by name
    -- T01.7 Y: nature sex residence:MUNICIPALITY
    select
        ref_period,
        nature,
        sex,
        residence_level,
        residence_code,
        sum(persons) as persons
    from residents
    where frequency = 'Y' and coalesce(residence_level, '_T') in ('MUNICIPALITY', '_T')
    group by ref_period, cube (nature, sex), residence_level, residence_code
)

select
    ref_period,
    coalesce(nature, '_T') as nature,
    coalesce(category, '_T') as category,
    coalesce(quality, '_T') as quality,
    coalesce(sex, '_T') as sex,
    coalesce(age_class, '_T') as age_class,
    coalesce(residence_level, '_T') as residence_level,
    coalesce(residence_code, '_T') as residence_code,
    'persons' as measure,
    cast(persons as decimal(18, 2)) as obs_value,
    cast(persons as bigint) as contributors,
    cast(1 as decimal(18, 2)) as largest_contribution,
    cast(case when persons > 1 then 1 end as decimal(18, 2)) as second_contribution
from cells

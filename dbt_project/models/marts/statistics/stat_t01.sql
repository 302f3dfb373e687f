{% set dimensions = [
    'quarter_index', 'nature', 'category', 'quality', 'sex', 'age_class', 'residence_level', 'residence_code'
] %}
{% set levels = {
    'REGION': 'region_nis',
    'PROVINCE': 'province_code',
    'ARRONDISSEMENT': 'arrondissement_nis',
    'LINGUISTIC_AREA': 'linguistic_area',
    'MUNICIPALITY': 'municipality_nis'
} %}
-- Every level of residence covers everyone, abroad included: each level adds up to the total.
with residences as (
    {% for level, column in levels.items() %}
    select
        quarter_index,
        nature,
        category,
        quality,
        sex,
        age_class,
        '{{ level }}' as residence_level,
        {{ column }} as residence_code,
        cast(sum(persons) as bigint) as persons
    from {{ ref('int_population__persons_counted') }}
    {%- if level == 'MUNICIPALITY' %}
    where municipality_nis is not null
    {%- endif %}
    group by quarter_index, nature, category, quality, sex, age_class, {{ column }}
    union all
    {% endfor %}
    select
        quarter_index,
        nature,
        category,
        quality,
        sex,
        age_class,
        '_T' as residence_level,
        '_T' as residence_code,
        cast(sum(persons) as bigint) as persons
    from {{ ref('int_population__persons_counted') }}
    group by quarter_index, nature, category, quality, sex, age_class
),

with_all_ages as (
    {{ with_total('residences', 'age_class', dimensions, ['persons']) }}
),

with_all_sexes as (
    {{ with_total('with_all_ages', 'sex', dimensions, ['persons']) }}
),

with_all_qualities as (
    {{ with_total('with_all_sexes', 'quality', dimensions, ['persons']) }}
),

with_all_categories as (
    {{ with_total('with_all_qualities', 'category', dimensions, ['persons']) }}
),

-- Categories lie within a nature, so the total over natures is shown for all categories together only.
with_all_natures as (
    select
        {{ dimensions | join(',\n        ') }},
        persons
    from with_all_categories
    union all
    select
        quarter_index,
        '_T' as nature,
        category,
        quality,
        sex,
        age_class,
        residence_level,
        residence_code,
        cast(sum(persons) as bigint) as persons
    from with_all_categories
    where category = '_T'
    group by quarter_index, category, quality, sex, age_class, residence_level, residence_code
),

-- The stock of 31 December is the table of the year, the only one with municipalities, and the last quarter's too.
dated as (
    select
        {{ year_of_quarter_index('quarter_index') }} as ref_period,
        *
    from with_all_natures
    where quarter_index % 4 = 3
    union all
    select
        {{ quarter_index_text('quarter_index') }} as ref_period,
        *
    from with_all_natures
    where residence_level <> 'MUNICIPALITY'
)

select
    ref_period,
    nature,
    category,
    quality,
    sex,
    age_class,
    residence_level,
    residence_code,
    'persons' as measure,
    cast(persons as decimal(18, 2)) as obs_value,
    persons as contributors,
    cast(1 as decimal(18, 2)) as largest_contribution,
    cast(case when persons > 1 then 1 end as decimal(18, 2)) as second_contribution
from dated

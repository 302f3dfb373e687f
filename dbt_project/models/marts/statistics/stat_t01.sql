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
{#- Carried on from the last release: the cells of the touched persons, as they are less as they were, are added to
    those that stand; a cell that comes to 0 goes. When the end of a quarter has passed, everybody is counted anew. -#}
{%- set keys = [
    'ref_period', 'nature', 'category', 'quality', 'sex', 'age_class', 'residence_level', 'residence_code'
] -%}
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key=keys,
    on_schema_change='fail',
    pre_hook="{% if is_incremental() and not is_same_quarter() %}delete from {{ this }}{% endif %}",
    post_hook="delete from {{ this }} where contributors = 0"
) }}
{%- set after = ref('int_population__persons_counted') -%}
{%- set before = ref('int_population__persons_before') -%}
{%- set is_carried = is_same_quarter() -%}
{%- set cell = ['quarter_index', 'nature', 'category', 'quality', 'sex', 'age_class'] + levels.values() | list %}
with counted as (
    {%- if is_carried %}
    select
        {{ cell | join(',\n        ') }},
        cast(sum(persons) as bigint) as persons
    from (
        select {{ cell | join(', ') }}, persons from {{ after }}
        union all
        select {{ cell | join(', ') }}, -persons as persons from {{ before }}
    ) as both_sides
    group by {{ cell | join(', ') }}
    having sum(persons) <> 0
    {%- else %}
    select * from {{ after }}
    {%- endif %}
),

-- Every level of residence covers everyone, abroad included: each level adds up to the total.
residences as (
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
    from counted
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
    from counted
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
),

changed as (
    {% if is_carried -%}
    select
        dated.{{ keys | join(',\n        dated.') }},
        cast(dated.persons + coalesce(last_cells.contributors, 0) as bigint) as persons
    from dated
    left join {{ this }} as last_cells on {{ is_same('dated', 'last_cells', keys) }}
    {%- else -%}
    select
        {{ keys | join(',\n        ') }},
        persons
    from dated
    {%- endif %}
)

select
    {{ keys | join(',\n    ') }},
    'persons' as measure,
    cast(persons as decimal(18, 2)) as obs_value,
    persons as contributors,
    cast(case when persons > 0 then 1 end as decimal(18, 2)) as largest_contribution,
    cast(case when persons > 1 then 1 end as decimal(18, 2)) as second_contribution
from changed

{#
Persons counted at quarter ends, for the whole population or for the persons that a delta touched, as they are or as the
last release had them: the same steps, other relations.
#}

{# Periods of affiliation with what the dossiers of their affiliates say. #}
{% macro periods_of_affiliates(periods, affiliates) -%}
select
    periods.person_key,
    periods.affiliation_id,
    periods.affiliate_id,
    periods.category,
    periods.nature,
    periods.capacity,
    periods.start_date,
    periods.end_date,
    periods.is_counted,
    periods.is_concurrent,
    affiliates.sex,
    affiliates.municipality_nis,
    affiliates.birth_date
from {{ periods }} as periods
inner join {{ affiliates }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
{%- endmacro %}

{#
When each person counts, and where (definitions, section 6): stretches of quarter ends, of which no two of one person
overlap. Almost everyone has one period at a time and keeps it as it is; only persons with concurrent periods are looked
at quarter by quarter, where the first category by rank wins.
#}
{% macro stays_resolved(periods, as_of) -%}
with bounds as (
    select
        {{ first_year() }} * 4 as first_quarter_index,
        {{ last_quarter_index(as_of) }} as last_quarter_index
    from {{ source('raw', '_plan') }}
),

concurrent_persons as (
    select distinct person_key
    from {{ periods }}
    where is_concurrent
),

periods as (
    select
        periods.person_key,
        periods.affiliation_id,
        periods.category,
        categories.rank as category_rank,
        periods.nature,
        case
            when periods.capacity <> 'assisting_spouse' then periods.capacity
            when periods.category = 'spouse_maxi' then 'assisting_spouse_maxi'
            when periods.category = 'spouse_mini' then 'assisting_spouse_mini'
            else 'assisting_spouse_other'
        end as quality,
        periods.sex,
        coalesce(periods.municipality_nis, 'ABROAD') as municipality_nis,
        {{ quarter_index('periods.birth_date') }} as birth_quarter_index,
        concurrent_persons.person_key is not null as is_concurrent_person,
        greatest({{ quarter_index('periods.start_date') }}, bounds.first_quarter_index) as from_quarter_index,
        least(
            coalesce({{ quarter_index(days_added('periods.end_date', 1)) }} - 1, bounds.last_quarter_index),
            bounds.last_quarter_index
        ) as to_quarter_index
    from {{ periods }} as periods
    inner join {{ ref('dim_category') }} as categories on periods.category = categories.category
    left join concurrent_persons on periods.person_key = concurrent_persons.person_key
    cross join bounds
    where periods.is_counted
),

concurrent_quarters as (
    select
        person_key,
        affiliation_id,
        category,
        category_rank,
        nature,
        quality,
        sex,
        municipality_nis,
        birth_quarter_index,
        {{ integers_between('from_quarter_index', 'to_quarter_index') }} as quarter_index
    from periods
    where is_concurrent_person
),

first_categories as (
    select
        *,
        row_number() over (
            partition by person_key, quarter_index
            order by category_rank, affiliation_id
        ) as place
    from concurrent_quarters
),

stays as (
    select
        category,
        nature,
        quality,
        sex,
        municipality_nis,
        birth_quarter_index,
        from_quarter_index,
        to_quarter_index
    from periods
    where not is_concurrent_person and from_quarter_index <= to_quarter_index
    union all
    select
        category,
        nature,
        quality,
        sex,
        municipality_nis,
        birth_quarter_index,
        quarter_index as from_quarter_index,
        quarter_index as to_quarter_index
    from first_categories
    where place = 1
)

select
    stays.category,
    stays.nature,
    stays.quality,
    stays.sex,
    stays.birth_quarter_index,
    residences.municipality_nis,
    residences.arrondissement_nis,
    residences.province_code,
    residences.region_nis,
    residences.linguistic_area,
    greatest(stays.from_quarter_index, residences.from_quarter_index) as from_quarter_index,
    least(stays.to_quarter_index, residences.to_quarter_index) as to_quarter_index
from stays
inner join {{ ref('int_population__residences_dated') }} as residences
    on
        stays.municipality_nis = residences.affiliate_municipality_nis
        and stays.to_quarter_index >= residences.from_quarter_index
        and stays.from_quarter_index <= residences.to_quarter_index
{%- endmacro %}

{#
Persons at each quarter end, added up to the finest cell that any table shows. At the size of the country this goes
through 45 million (person, quarter end) pairs, so each pair carries three small numbers only: the quarter, a cell of
everything that does not change with time, and the age. Municipalities are told apart at year ends only, the reference
date of the municipal tables; at the other quarter ends a cell is an arrondissement within its linguistic area.
Ages are differences of quarter numbers: a birthday that lies in a quarter has passed by its end.
#}
{% macro persons_counted(stays) -%}
{%- set whole = ['nature', 'category', 'quality', 'sex', 'arrondissement_nis', 'province_code', 'region_nis', 'linguistic_area'] -%}
{#- What tells cells apart, and the quarters that are counted so. -#}
{%- set grains = {
    'municipal': (['municipality_nis'] + whole, 'quarter_index % 4 = 3'),
    'district': (whole, 'quarter_index % 4 <> 3')
} -%}
with stays as (
    select * from {{ stays }}
),
{% for grain, (attributes, counted_when) in grains.items() %}
{{ grain }}_cells as (
    select
        {{ attributes | join(',\n        ') }},
        cast(row_number() over (order by {{ attributes | join(', ') }}) as integer) as cell_number
    from (select distinct {{ attributes | join(', ') }} from stays) as attributes
),

{{ grain }}_pairs as (
    select
        cells.cell_number,
        cast(stays.birth_quarter_index as smallint) as birth_quarter_index,
        cast({{ integers_between('stays.from_quarter_index', 'stays.to_quarter_index') }} as smallint) as quarter_index
    from stays
    inner join {{ grain }}_cells as cells
        on
            {% for attribute in attributes -%}
            stays.{{ attribute }} = cells.{{ attribute }}{{ '\n            and ' if not loop.last }}
            {%- endfor %}
),

{{ grain }}_counts as (
    select
        quarter_index,
        cell_number,
        -- In steps of five years: 3 is below 20, 14 is 70 and over.
        cast(
            least(greatest({{ whole_division('quarter_index - birth_quarter_index', 20) }}, 3), 14) as smallint
        ) as age_step,
        count(*) as persons
    from {{ grain }}_pairs
    where {{ counted_when }}
    group by quarter_index, cell_number, age_step
),
{% endfor %}
counted as (
    {% for grain in grains -%}
    select
        counts.quarter_index,
        counts.age_step,
        counts.persons,
        cells.nature,
        cells.category,
        cells.quality,
        cells.sex,
        {{ 'cells.municipality_nis' if grain == 'municipal' else 'cast(null as varchar) as municipality_nis' }},
        cells.arrondissement_nis,
        cells.province_code,
        cells.region_nis,
        cells.linguistic_area
    from {{ grain }}_counts as counts
    inner join {{ grain }}_cells as cells on counts.cell_number = cells.cell_number
    {{- '\n    union all\n    ' if not loop.last }}
    {%- endfor %}
)

select
    cast(quarter_index as integer) as quarter_index,
    nature,
    category,
    quality,
    sex,
    {{ age_class('age_step * 5') }} as age_class,
    municipality_nis,
    arrondissement_nis,
    province_code,
    region_nis,
    linguistic_area,
    cast(persons as bigint) as persons
from counted
{%- endmacro %}

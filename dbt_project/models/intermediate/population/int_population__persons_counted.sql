{#
Persons at each quarter end, added up to the finest cell that any table shows. At the size of the country this goes
through 45 million (person, quarter end) pairs, so each pair carries three small numbers only: the quarter, a cell of
everything that does not change with time, and the age. Municipalities are told apart at year ends only, the reference
date of the municipal tables; at the other quarter ends a cell is an arrondissement within its linguistic area.
Ages are differences of quarter numbers: a birthday that lies in a quarter has passed by its end.
#}
with stays as (
    select *
    from {{ ref('int_population__stays_resolved') }}
),

municipal_attributes as (
    select distinct
        nature,
        category,
        quality,
        sex,
        municipality_nis,
        arrondissement_nis,
        province_code,
        region_nis,
        linguistic_area
    from stays
),

municipal_cells as (
    select
        nature,
        category,
        quality,
        sex,
        municipality_nis,
        arrondissement_nis,
        province_code,
        region_nis,
        linguistic_area,
        cast(
            row_number() over (
                order by nature, category, quality, sex, municipality_nis, linguistic_area
            ) as integer
        ) as cell_number
    from municipal_attributes
),

municipal_pairs as (
    select
        cells.cell_number,
        cast(stays.birth_quarter_index as smallint) as birth_quarter_index,
        cast({{ integers_between('stays.from_quarter_index', 'stays.to_quarter_index') }} as smallint) as quarter_index
    from stays
    inner join municipal_cells as cells
        on
            stays.nature = cells.nature
            and stays.category = cells.category
            and stays.quality = cells.quality
            and stays.sex = cells.sex
            and stays.municipality_nis = cells.municipality_nis
            and stays.arrondissement_nis = cells.arrondissement_nis
            and stays.province_code = cells.province_code
            and stays.region_nis = cells.region_nis
            and stays.linguistic_area = cells.linguistic_area
),

municipal_counts as (
    select
        quarter_index,
        cell_number,
        -- In steps of five years: 3 is below 20, 14 is 70 and over.
        cast(
            least(greatest({{ whole_division('quarter_index - birth_quarter_index', 20) }}, 3), 14) as smallint
        ) as age_step,
        count(*) as persons
    from municipal_pairs
    where quarter_index % 4 = 3
    group by quarter_index, cell_number, age_step
),

district_attributes as (
    select distinct
        nature,
        category,
        quality,
        sex,
        arrondissement_nis,
        province_code,
        region_nis,
        linguistic_area
    from stays
),

district_cells as (
    select
        nature,
        category,
        quality,
        sex,
        arrondissement_nis,
        province_code,
        region_nis,
        linguistic_area,
        cast(
            row_number() over (
                order by nature, category, quality, sex, arrondissement_nis, linguistic_area
            ) as integer
        ) as cell_number
    from district_attributes
),

district_pairs as (
    select
        cells.cell_number,
        cast(stays.birth_quarter_index as smallint) as birth_quarter_index,
        cast({{ integers_between('stays.from_quarter_index', 'stays.to_quarter_index') }} as smallint) as quarter_index
    from stays
    inner join district_cells as cells
        on
            stays.nature = cells.nature
            and stays.category = cells.category
            and stays.quality = cells.quality
            and stays.sex = cells.sex
            and stays.arrondissement_nis = cells.arrondissement_nis
            and stays.province_code = cells.province_code
            and stays.region_nis = cells.region_nis
            and stays.linguistic_area = cells.linguistic_area
),

district_counts as (
    select
        quarter_index,
        cell_number,
        -- In steps of five years: 3 is below 20, 14 is 70 and over.
        cast(
            least(greatest({{ whole_division('quarter_index - birth_quarter_index', 20) }}, 3), 14) as smallint
        ) as age_step,
        count(*) as persons
    from district_pairs
    where quarter_index % 4 <> 3
    group by quarter_index, cell_number, age_step
)

select
    cast(counts.quarter_index as integer) as quarter_index,
    cells.nature,
    cells.category,
    cells.quality,
    cells.sex,
    {{ age_class('counts.age_step * 5') }} as age_class,
    cells.municipality_nis,
    cells.arrondissement_nis,
    cells.province_code,
    cells.region_nis,
    cells.linguistic_area,
    cast(counts.persons as bigint) as persons
from municipal_counts as counts
inner join municipal_cells as cells on counts.cell_number = cells.cell_number
union all
select
    cast(counts.quarter_index as integer) as quarter_index,
    cells.nature,
    cells.category,
    cells.quality,
    cells.sex,
    {{ age_class('counts.age_step * 5') }} as age_class,
    cast(null as varchar) as municipality_nis,
    cells.arrondissement_nis,
    cells.province_code,
    cells.region_nis,
    cells.linguistic_area,
    cast(counts.persons as bigint) as persons
from district_counts as counts
inner join district_cells as cells on counts.cell_number = cells.cell_number

{#
When each person counts, and where (definitions, section 6): stretches of quarter ends, of which no two of one person
overlap. Almost everyone has one period at a time and keeps it as it is; only persons with concurrent periods are looked
at quarter by quarter, where the first category by rank wins.
#}
with bounds as (
    select
        {{ first_year() }} * 4 as first_quarter_index,
        {{ quarter_index(days_added('as_of_date', 1)) }} - 1 as last_quarter_index
    from {{ source('raw', '_plan') }}
),

concurrent_persons as (
    select distinct person_key
    from {{ ref('fct_affiliation_periods') }}
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
        affiliates.sex,
        coalesce(affiliates.municipality_nis, 'ABROAD') as municipality_nis,
        {{ quarter_index('affiliates.birth_date') }} as birth_quarter_index,
        concurrent_persons.person_key is not null as is_concurrent_person,
        greatest({{ quarter_index('periods.start_date') }}, bounds.first_quarter_index) as from_quarter_index,
        least(
            coalesce({{ quarter_index(days_added('periods.end_date', 1)) }} - 1, bounds.last_quarter_index),
            bounds.last_quarter_index
        ) as to_quarter_index
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
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

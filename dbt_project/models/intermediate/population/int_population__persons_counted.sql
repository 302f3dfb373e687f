{#
Who counts at each quarter end, each person once (definitions, section 6), already added up to the finest cell that any
table shows. At the size of the country this is 45 million (person, quarter end) pairs, so:
  - almost everyone has one period at a time: those are counted period by period, without looking for duplicates;
  - only persons with concurrent periods (is_concurrent) are looked at person by person, first category by rank;
  - ages are differences of quarter numbers: a birthday in a quarter has passed by its end;
  - below the arrondissement, residence is kept at year ends only, the reference date of the municipal tables.
#}
with bounds as (
    select
        {{ first_year() }} * 4 as first_quarter_index,
        {{ quarter_index(days_added('as_of_date', 1)) }} - 1 as last_quarter_index
    from {{ source('raw', '_plan') }}
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
        affiliates.municipality_nis,
        {{ quarter_index('affiliates.birth_date') }} as birth_quarter_index,
        periods.is_concurrent,
        greatest({{ quarter_index('periods.start_date') }}, bounds.first_quarter_index) as from_quarter_index,
        least(
            coalesce({{ quarter_index(days_added('periods.end_date', 1)) }} - 1, bounds.last_quarter_index),
            bounds.last_quarter_index
        ) as to_quarter_index
    from {{ ref('fct_affiliation_periods') }} as periods
    inner join {{ ref('dim_affiliate') }} as affiliates on periods.affiliate_id = affiliates.affiliate_id
    inner join {{ ref('dim_category') }} as categories on periods.category = categories.category
    cross join bounds
    where periods.is_counted
),

concurrent_persons as (
    select distinct person_key
    from periods
    where is_concurrent
),

one_at_a_time as (
    select
        periods.category,
        periods.nature,
        periods.quality,
        periods.sex,
        periods.municipality_nis,
        periods.birth_quarter_index,
        {{ integers_between('periods.from_quarter_index', 'periods.to_quarter_index') }} as quarter_index
    from periods
    left join concurrent_persons on periods.person_key = concurrent_persons.person_key
    where concurrent_persons.person_key is null
),

several_at_once as (
    select
        periods.*,
        {{ integers_between('periods.from_quarter_index', 'periods.to_quarter_index') }} as quarter_index
    from periods
    inner join concurrent_persons on periods.person_key = concurrent_persons.person_key
),

first_of_several as (
    select
        *,
        row_number() over (
            partition by person_key, quarter_index
            order by category_rank, affiliation_id
        ) as place
    from several_at_once
),

persons as (
    select
        quarter_index,
        category,
        nature,
        quality,
        sex,
        municipality_nis,
        birth_quarter_index
    from one_at_a_time
    union all
    select
        quarter_index,
        category,
        nature,
        quality,
        sex,
        municipality_nis,
        birth_quarter_index
    from first_of_several
    where place = 1
),

located as (
    select
        persons.quarter_index,
        persons.nature,
        persons.category,
        persons.quality,
        persons.sex,
        least(greatest({{ whole_division('persons.quarter_index - persons.birth_quarter_index', 20) }}, 3), 14) as age_step,
        case when persons.quarter_index % 4 = 3 then residences.municipality_nis end as municipality_nis,
        residences.arrondissement_nis,
        residences.province_code,
        residences.region_nis,
        residences.linguistic_area
    from persons
    inner join {{ ref('int_population__residences_dated') }} as residences
        on
            persons.quarter_index = residences.quarter_index
            and coalesce(persons.municipality_nis, 'ABROAD') = residences.affiliate_municipality_nis
)

select
    quarter_index,
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
    cast(count(*) as bigint) as persons
from located
group by
    quarter_index,
    nature,
    category,
    quality,
    sex,
    age_step,
    municipality_nis,
    arrondissement_nis,
    province_code,
    region_nis,
    linguistic_area

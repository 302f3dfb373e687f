with areas as (
    select
        'residence' as list_name,
        area_code as code,
        min(label_fr) as label_fr,
        min(label_nl) as label_nl
    from (
        select
            region_nis as area_code,
            region_fr as label_fr,
            region_nl as label_nl
        from {{ ref('municipalities') }}
        union all
        select
            province_nis as area_code,
            province_fr as label_fr,
            province_nl as label_nl
        from {{ ref('municipalities') }}
        union all
        select
            arrondissement_nis as area_code,
            arrondissement_fr as label_fr,
            arrondissement_nl as label_nl
        from {{ ref('municipalities') }}
        union all
        select
            municipality_nis as area_code,
            name_fr as label_fr,
            name_nl as label_nl
        from {{ ref('municipalities') }}
        union all
        select
            code as area_code,
            label_fr,
            label_nl
        from {{ ref('code_labels') }}
        where list_name in ('linguistic_area', 'residence_other')
    ) as all_areas
    where area_code is not null
    group by area_code
)

select
    list_name,
    code,
    label_fr,
    label_nl,
    rank,
    is_provisional
from {{ ref('code_labels') }}
union all
select
    'category' as list_name,
    category as code,
    label_fr,
    label_nl,
    rank,
    is_provisional
from {{ ref('categories') }}
union all
select
    'nature' as list_name,
    nature as code,
    label_fr,
    label_nl,
    rank,
    false as is_provisional
from {{ ref('natures') }}
union all
select
    'branch' as list_name,
    branch_code as code,
    label_fr,
    label_nl,
    rank,
    false as is_provisional
from {{ ref('branches') }}
union all
select
    'profession' as list_name,
    profession_code as code,
    label_fr,
    label_nl,
    cast(row_number() over (order by profession_code) as integer) as rank,
    is_provisional
from {{ ref('dim_profession') }}
union all
select
    'nationality' as list_name,
    nationality as code,
    label_fr,
    label_nl,
    cast(row_number() over (order by nationality_group = 'unknown', nationality) as integer) as rank,
    false as is_provisional
from {{ ref('dim_nationality') }}
union all
select
    'office' as list_name,
    office_code as code,
    label_fr,
    label_nl,
    cast(row_number() over (order by office_code) as integer) as rank,
    is_provisional
from {{ ref('offices') }}
union all
select
    list_name,
    code,
    label_fr,
    label_nl,
    cast(row_number() over (order by code) as integer) as rank,
    false as is_provisional
from areas

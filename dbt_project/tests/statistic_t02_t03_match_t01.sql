-- T01, T02 and T03 count the same persons on 31 December: in total, by nature and sex, T01 and T02 also by region, T02
-- and T03 also by branch. The year of T01 is its last quarter.
with stocks as (
    select
        ref_period,
        nature,
        sex,
        residence_code as region_nis,
        '_T' as branch,
        obs_value
    from {{ ref('stat_t01') }}
    where
        ref_period not like '%Q%'
        and category = '_T' and quality = '_T' and age_class = '_T' and residence_level in ('_T', 'REGION')
    union all
    select
        ref_period,
        nature,
        sex,
        region as region_nis,
        branch,
        obs_value
    from {{ ref('stat_t02') }}
    where profession = '_T' and nace_division = '_T' and (region = '_T' or branch = '_T')
    union all
    select
        ref_period,
        nature,
        sex,
        '_T' as region_nis,
        branch,
        obs_value
    from {{ ref('stat_t03') }}
    where nationality_group = '_T' and nationality = '_T' and affiliation_origin = '_T'
)

select
    ref_period,
    nature,
    sex,
    region_nis,
    branch,
    min(obs_value) as smallest_value,
    max(obs_value) as largest_value,
    count(*) as tables_found
from stocks
group by ref_period, nature, sex, region_nis, branch
having
    min(obs_value) <> max(obs_value)
    or count(*) <> case when region_nis = '_T' and branch = '_T' then 3 else 2 end
union all
select
    years.ref_period,
    years.nature,
    years.sex,
    years.residence_code as region_nis,
    '_T' as branch,
    least(years.obs_value, quarters.obs_value) as smallest_value,
    greatest(years.obs_value, quarters.obs_value) as largest_value,
    1 as tables_found
from {{ ref('stat_t01') }} as years
inner join {{ ref('stat_t01') }} as quarters
    on
        years.ref_period || 'Q4' = quarters.ref_period
        and years.nature = quarters.nature
        and years.category = quarters.category
        and years.quality = quarters.quality
        and years.sex = quarters.sex
        and years.age_class = quarters.age_class
        and years.residence_level = quarters.residence_level
        and years.residence_code = quarters.residence_code
where years.obs_value <> quarters.obs_value

-- S8: where a municipality of residence lay on a day. The extracts hold the code that an affiliate or a company has
-- today: one whose validity ended before the day is followed to its successor; one that began later stays as it is.
with recursive successions as (
    select
        municipality_nis as known_municipality_nis,
        municipality_nis,
        successor_nis,
        date '0001-01-01' as from_date,
        case when successor_nis is null then date '9999-12-31' else valid_to end as to_date
    from {{ ref('dim_municipality') }}
    union all
    select
        successions.known_municipality_nis,
        successors.municipality_nis,
        successors.successor_nis,
        successions.to_date + 1 as from_date,
        case when successors.successor_nis is null then date '9999-12-31' else successors.valid_to end as to_date
    from successions
    inner join {{ ref('dim_municipality') }} as successors
        on successions.successor_nis = successors.municipality_nis
)

select
    successions.known_municipality_nis,
    successions.from_date,
    successions.to_date,
    municipalities.municipality_nis,
    municipalities.arrondissement_nis,
    -- Brussels has no province: the region takes its place, so that provinces add up to the country.
    coalesce(municipalities.province_nis, municipalities.region_nis) as province_code,
    municipalities.region_nis,
    municipalities.linguistic_area
from successions
inner join {{ ref('dim_municipality') }} as municipalities
    on successions.municipality_nis = municipalities.municipality_nis
union all
-- An empty municipality is ABROAD on every level, so that each level adds up to the total.
select
    'ABROAD' as known_municipality_nis,
    date '0001-01-01' as from_date,
    date '9999-12-31' as to_date,
    'ABROAD' as municipality_nis,
    'ABROAD' as arrondissement_nis,
    'ABROAD' as province_code,
    'ABROAD' as region_nis,
    'ABROAD' as linguistic_area

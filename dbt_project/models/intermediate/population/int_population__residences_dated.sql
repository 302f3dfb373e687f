{#
Where a municipality of residence lay, over time. The extracts hold the code an affiliate has today only: a code that was
merged away by the reference date is followed to its successor; a code created after the reference date stays as it is
(nobody can tell which of the former municipalities the person lived in).
#}
with recursive successions as (
    select
        municipality_nis as affiliate_municipality_nis,
        municipality_nis,
        successor_nis,
        valid_to,
        -- The date from which this link of the chain holds; the first one holds since ever.
        cast(null as date) as held_from
    from {{ ref('dim_municipality') }}
    union all
    select
        successions.affiliate_municipality_nis,
        successors.municipality_nis,
        successors.successor_nis,
        successors.valid_to,
        {{ days_added('successions.valid_to', 1) }} as held_from
    from successions
    inner join {{ ref('dim_municipality') }} as successors
        on successions.successor_nis = successors.municipality_nis
    where successions.valid_to is not null
)

select
    successions.affiliate_municipality_nis,
    coalesce({{ quarter_index('successions.held_from') }}, 0) as from_quarter_index,
    coalesce({{ quarter_index(days_added('successions.valid_to', 1)) }} - 1, 99999) as to_quarter_index,
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
-- Abroad has no municipality: it stands as an area of its own on every level, so that each level adds up to the total.
select
    'ABROAD' as affiliate_municipality_nis,
    0 as from_quarter_index,
    99999 as to_quarter_index,
    'ABROAD' as municipality_nis,
    'ABROAD' as arrondissement_nis,
    'ABROAD' as province_code,
    'ABROAD' as region_nis,
    'ABROAD' as linguistic_area

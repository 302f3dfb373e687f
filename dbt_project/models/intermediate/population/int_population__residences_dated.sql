{#
Where a municipality of residence lay at each quarter end. The extracts hold the code an affiliate has today only: a code
that was merged away by the reference date is followed to its successor; a code created after the reference date stays as
it is (nobody can tell which of the former municipalities the person lived in).
#}
with recursive quarters as (
    select
        {{ integers_between(
            first_year() ~ ' * 4',
            '(' ~ quarter_index(days_added('as_of_date', 1)) ~ ' - 1)'
        ) }} as quarter_index
    from {{ source('raw', '_plan') }}
),

successions as (
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
),

located as (
    select
        quarters.quarter_index,
        successions.affiliate_municipality_nis,
        municipalities.municipality_nis,
        municipalities.arrondissement_nis,
        coalesce(municipalities.province_nis, municipalities.region_nis) as province_code,
        municipalities.region_nis,
        municipalities.linguistic_area
    from quarters
    inner join successions
        on
            coalesce(successions.held_from <= {{ quarter_index_end('quarters.quarter_index') }}, true)
            and coalesce(successions.valid_to >= {{ quarter_index_end('quarters.quarter_index') }}, true)
    inner join {{ ref('dim_municipality') }} as municipalities
        on successions.municipality_nis = municipalities.municipality_nis
)

select
    quarter_index,
    affiliate_municipality_nis,
    municipality_nis,
    arrondissement_nis,
    province_code,
    region_nis,
    linguistic_area
from located
union all
-- Abroad has no municipality: it stands as an area of its own on every level, so that each level adds up to the total.
select
    quarter_index,
    'ABROAD' as affiliate_municipality_nis,
    'ABROAD' as municipality_nis,
    'ABROAD' as arrondissement_nis,
    'ABROAD' as province_code,
    'ABROAD' as region_nis,
    'ABROAD' as linguistic_area
from quarters

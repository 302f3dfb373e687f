with delivered as (
    select distinct nationality
    from {{ ref('stg_affiliates') }}
),

-- T03: every code that no group names is OTHER, also one that the list does not hold yet.
unlisted as (
    select
        delivered.nationality,
        'OTHER' as nationality_group,
        'Nationalité ' || delivered.nationality as label_fr,
        'Nationaliteit ' || delivered.nationality as label_nl
    from delivered
    left join {{ ref('nationalities') }} as nationalities
        on delivered.nationality = nationalities.nationality
    where nationalities.nationality is null
)

select
    nationality,
    nationality_group,
    label_fr,
    label_nl
from {{ ref('nationalities') }}
union all
select
    nationality,
    nationality_group,
    label_fr,
    label_nl
from unlisted

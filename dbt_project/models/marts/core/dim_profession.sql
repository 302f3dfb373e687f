with delivered as (
    select distinct profession_code
    from {{ ref('stg_affiliations') }}
),

-- A code that the list does not hold yet is kept, in the branch `unknown` (ruling F8): its persons stay in the counts.
unlisted as (
    select
        delivered.profession_code,
        'unknown' as branch_code,
        'Profession inconnue ' || delivered.profession_code as label_fr,
        'Onbekend beroep ' || delivered.profession_code as label_nl,
        true as is_provisional
    from delivered
    left join {{ ref('professions') }} as professions
        on delivered.profession_code = professions.profession_code
    where professions.profession_code is null
)

select
    profession_code,
    branch_code,
    label_fr,
    label_nl,
    is_provisional
from {{ ref('professions') }}
union all
select
    profession_code,
    branch_code,
    label_fr,
    label_nl,
    is_provisional
from unlisted

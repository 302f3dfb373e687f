-- T03 of statistics-tables.md. Each person has one cell on 31 December, so every margin is a sum over the finest cells,
-- as in T01.
with persons as (
    select
        *,
        quarter_index_end(quarter_index) as reference_date
    from {{ ref('int_population__persons_in_stock') }}
    where quarter_index % 4 = 3
),

stock as (
    select
        year_text(persons.reference_date) as ref_period,
        nationalities.nationality_group,
        persons.nationality,
        persons.sex,
        persons.nature,
        professions.branch_code as branch,
        -- C2, with 31 December for the due date: nobody knows where a dossier of category changes only came from.
        coalesce(origins.origin, 'unknown') as affiliation_origin,
        count(*) as persons
    from persons
    inner join {{ ref('dim_nationality') }} as nationalities on persons.nationality = nationalities.nationality
    inner join {{ ref('dim_profession') }} as professions on persons.profession_code = professions.profession_code
    left join {{ ref('int_recovery__origins_dated') }} as origins
        on
            persons.affiliate_id = origins.account_id
            and persons.reference_date >= origins.from_date
            and persons.reference_date < origins.before_date
    group by all
),

cells as (
    -- T03.1 Y: nationality_group>nationality nature sex
    select
        ref_period,
        nationality_group,
        nationality,
        sex,
        nature,
        sum(persons) as persons
    from stock
    group by ref_period, rollup (nationality_group, nationality), cube (nature, sex)
    union by name
    -- T03.2 Y: nationality_group branch nature sex
    select
        ref_period,
        nationality_group,
        sex,
        nature,
        branch,
        sum(persons) as persons
    from stock
    group by ref_period, cube (nationality_group, branch, nature, sex)
    union by name
    -- T03.3 Y: nationality_group affiliation_origin nature sex
    select
        ref_period,
        nationality_group,
        sex,
        nature,
        affiliation_origin,
        sum(persons) as persons
    from stock
    group by ref_period, cube (nationality_group, affiliation_origin, nature, sex)
)

select
    ref_period,
    coalesce(nationality_group, '_T') as nationality_group,
    coalesce(nationality, '_T') as nationality,
    coalesce(sex, '_T') as sex,
    coalesce(nature, '_T') as nature,
    coalesce(branch, '_T') as branch,
    coalesce(affiliation_origin, '_T') as affiliation_origin,
    'persons' as measure,
    cast(persons as decimal(18, 2)) as obs_value,
    cast(persons as bigint) as contributors,
    cast(1 as decimal(18, 2)) as largest_contribution,
    cast(case when persons > 1 then 1 end as decimal(18, 2)) as second_contribution
from cells

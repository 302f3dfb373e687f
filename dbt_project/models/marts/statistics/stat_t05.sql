-- T05 of statistics-tables.md. A record is an ex officio entry: the first period of a stay, which brings the end of the
-- whole stay, or an annulled period. A person may have several, so they are added up by person first.
with entries as (
    select
        entries.person_key,
        entries.affiliate_id,
        entries.profession_code,
        entries.nature,
        stays.start_date,
        stays.end_date,
        case
            when stays.end_date is null or stays.end_date >= as_of_date() then 'active'
            when last_periods.end_reason = 'category_change' then 'other'
            else last_periods.end_reason
        end as outcome
    from {{ ref('int_population__stays') }} as stays
    inner join {{ ref('fct_affiliation_periods') }} as entries on stays.first_affiliation_id = entries.affiliation_id
    inner join {{ ref('fct_affiliation_periods') }} as last_periods
        on stays.last_affiliation_id = last_periods.affiliation_id
    where entries.origin = 'ex_officio'
    union all
    select
        person_key,
        affiliate_id,
        profession_code,
        nature,
        start_date,
        end_date,
        'annulled' as outcome
    from {{ ref('fct_affiliation_periods') }}
    where not is_counted and origin = 'ex_officio'
),

described as (
    select
        entries.*,
        affiliates.sex,
        professions.branch_code as branch
    from entries
    inner join {{ ref('dim_affiliate') }} as affiliates on entries.affiliate_id = affiliates.affiliate_id
    inner join {{ ref('dim_profession') }} as professions on entries.profession_code = professions.profession_code
    where year(entries.start_date) >= first_year()
),

-- S1: an entry lies in its year and quarter; only what has ended has rows.
dated as (
    select
        *,
        unnest([  -- noqa: AL03
            {
                'frequency': 'year',
                'ref_period': year_text(start_date),
                'last_day': make_date(year(start_date), 12, 31)
            },
            {
                'frequency': 'quarter',
                'ref_period': quarter_text(start_date),
                'last_day': quarter_end(start_date)
            }
        ], recursive := true)
    from described
),

ended as (
    select *
    from dated
    where last_day <= as_of_date()
),

-- A yearly cohort is seen 4, 12 and 20 quarters on, once that time has passed for whoever came last.
followed as (
    select
        *,
        unnest([4, 12, 20]) as quarters
    from ended
    where frequency = 'year' and outcome <> 'annulled'
),

observed as (
    select
        person_key,
        ref_period,
        nature,
        sex,
        branch,
        cast(quarters as varchar) as quarters_since_entry,
        coalesce(end_date, date '9999-12-31') >= months_added(start_date, 3 * quarters) as is_survivor
    from followed
    where months_added(last_day, 3 * quarters) <= as_of_date()
),

by_person as (
    -- T05.1 YQ: outcome nature sex
    select
        'T05.1' as block,
        ref_period,
        person_key,
        outcome,
        nature,
        sex,
        count(*) as entries
    from ended
    group by ref_period, person_key, cube (outcome, nature, sex)
    union all by name
    -- T05.2 Y: outcome branch nature
    select
        'T05.2' as block,
        ref_period,
        person_key,
        outcome,
        nature,
        branch,
        count(*) as entries
    from ended
    where frequency = 'year'
    group by ref_period, person_key, cube (outcome, branch, nature)
    union all by name
    -- T05.3 Y: quarters_since_entry! nature sex
    select
        'T05.3' as block,
        ref_period,
        person_key,
        quarters_since_entry,
        nature,
        sex,
        count(*) as observed_entries,
        count(*) filter (where is_survivor) as survivors
    from observed
    group by ref_period, person_key, quarters_since_entry, cube (nature, sex)
    union all by name
    -- T05.4 Y: quarters_since_entry! branch
    select
        'T05.4' as block,
        ref_period,
        person_key,
        quarters_since_entry,
        branch,
        count(*) as observed_entries,
        count(*) filter (where is_survivor) as survivors
    from observed
    group by ref_period, person_key, quarters_since_entry, cube (branch)
),

amounts as (
    unpivot by_person
    on entries, observed_entries, survivors
    into name measure value amount
),

counts as (
    select
        * exclude (person_key, amount),
        sum(amount) as obs_value,
        count(nullif(amount, 0)) as contributors,
        max(nullif(amount, 0), 2) as largest
    from amounts
    group by all
),

-- Of the observed entries of a cell, who survived.
rates as (
    select
        * exclude (person_key, entries, observed_entries, survivors),
        'survival_pct' as measure,
        100 * sum(survivors) / sum(observed_entries) as obs_value,
        count(*) as contributors
    from by_person
    where observed_entries > 0
    group by all
),

cells as (
    select * replace (cast(obs_value as decimal(24, 6)) as obs_value)
    from counts
    union all by name
    select * replace (cast(obs_value as decimal(24, 6)) as obs_value)
    from rates
)

select distinct
    ref_period,
    coalesce(outcome, '_T') as outcome,
    coalesce(quarters_since_entry, '_T') as quarters_since_entry,
    coalesce(nature, '_T') as nature,
    coalesce(sex, '_T') as sex,
    coalesce(branch, '_T') as branch,
    measure,
    obs_value,
    cast(contributors as bigint) as contributors,
    cast(largest[1] as decimal(18, 2)) as largest_contribution,
    cast(largest[2] as decimal(18, 2)) as second_contribution
from cells

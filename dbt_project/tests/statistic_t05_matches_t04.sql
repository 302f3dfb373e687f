-- The ex officio starters of T04 are the entries of T05 that were not annulled, by nature and sex, and by branch.
with starters as (
    select
        ref_period,
        nature,
        sex,
        branch,
        obs_value as starters
    from {{ ref('stat_t04') }}
    where
        flow_type = 'ex_officio'
        and age_class = '_T' and nationality_group = '_T' and province = '_T'
        and length(ref_period) < 7          -- T05 has no months
),

entries as (
    select
        ref_period,
        nature,
        sex,
        branch,
        sum(case when outcome = 'annulled' then -obs_value else obs_value end) as entries
    from {{ ref('stat_t05') }}
    where measure = 'entries' and outcome in ('_T', 'annulled')
    group by ref_period, nature, sex, branch
)

select
    coalesce(starters.ref_period, entries.ref_period) as ref_period,
    coalesce(starters.nature, entries.nature) as nature,
    coalesce(starters.sex, entries.sex) as sex,
    coalesce(starters.branch, entries.branch) as branch,
    starters.starters,
    entries.entries
from starters
full outer join entries
    on
        starters.ref_period = entries.ref_period
        and starters.nature = entries.nature
        and starters.sex = entries.sex
        and starters.branch = entries.branch
where coalesce(starters.starters, 0) <> coalesce(entries.entries, 0)

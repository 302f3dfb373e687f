-- T07 against the contributions that the law expects: the affiliates of a year are those with a liable quarter in it,
-- and those whose income class is known are those with an income (equation 5 of statistics-tables.md).
with liable as (
    select
        cast(contribution_year as varchar) as ref_period,
        count(distinct affiliate_id) as persons
    from {{ ref('fct_expected_contributions') }}
    where contribution_year >= first_year() and contribution_year < year(as_of_date() + 1)
    group by contribution_year
),

statistic as (
    select
        ref_period,
        coalesce(sum(obs_value) filter (where measure = 'persons' and income_class = '_T'), 0) as persons,
        coalesce(sum(obs_value) filter (where measure = 'persons' and income_class = 'unknown'), 0) as persons_unknown,
        coalesce(sum(obs_value) filter (where measure = 'persons_known'), 0) as persons_known
    from {{ ref('stat_t07') }}
    where nature = '_T' and sex = '_T' and age_class = '_T' and branch = '_T'
    group by ref_period
)

select
    coalesce(liable.ref_period, statistic.ref_period) as ref_period,
    liable.persons as persons_liable,
    statistic.persons,
    statistic.persons_unknown,
    statistic.persons_known
from liable
full outer join statistic on liable.ref_period = statistic.ref_period
where
    liable.persons is distinct from statistic.persons
    or statistic.persons - statistic.persons_unknown is distinct from statistic.persons_known

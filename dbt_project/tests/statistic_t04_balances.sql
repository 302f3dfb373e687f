-- T04, in each year, quarter and month: stock at the start + entries - exits = stock at the end, to the person; by sex
-- too, while the dossiers of each person agree on it (persons_are_one tells those that do not).
with persons_of_two_sexes as (
    select person_key
    from {{ ref('dim_affiliate') }}
    group by person_key
    having count(distinct sex) > 1
)

select
    ref_period,
    sex,
    sum(
        case
            when flow in ('stock_start', 'starter', 'transfer_in', 'other_in') then obs_value
            else -obs_value
        end
    ) as persons_missing
from {{ ref('stat_t04') }}
where
    flow_type = '_T' and nature = '_T' and age_class = '_T' and branch = '_T' and nationality_group = '_T'
    and province = '_T'
    and (sex = '_T' or not exists (select 1 from persons_of_two_sexes))
group by ref_period, sex
having persons_missing <> 0

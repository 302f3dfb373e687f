-- T10 of statistics-tables.md. Its parts (int_statistics__recovery_summed) share no account, so sums and contributors
-- add up, and the two largest contributions are the two largest of the parts. An account has one type and one language:
-- their totals are sums of the parts, too.
with parts as (
    select * from {{ ref('int_statistics__recovery_summed') }}
    -- Not a cell that no step, or no money, lies in.
    where obs_value is not null
),

-- An account is in one province all the year; those that a merger moved are in each of their margins already.
places as (
    select
        * exclude (province),
        unnest([province, null]) as province
    from parts
    where account_type is not null and region is not null and agent_type is null
    union all by name
    select * from parts
    where account_type is null
),

cells as (
    -- T10.1 and T10.2 YQM: instrument account_type; T10.3 and T10.4 YQ: instrument account_type agent_type
    select
        ref_period,
        instrument,
        account_type,
        agent_type,
        measure,
        sum(obs_value) as obs_value,
        sum(contributors) as contributors,
        list_reverse_sort(flatten(list(two_largest))) as largest
    from parts
    where account_type is not null
    group by ref_period, instrument, agent_type, measure, rollup (account_type)
    union all by name
    -- T10.5 and T10.6 Y: instrument account_type language
    select
        ref_period,
        instrument,
        account_type,
        language,
        measure,
        sum(obs_value) as obs_value,
        sum(contributors) as contributors,
        list_reverse_sort(flatten(list(two_largest))) as largest
    from parts
    where language is not null and agent_type is null
    group by ref_period, instrument, language, measure, rollup (account_type)
    union all by name
    -- T10.7 and T10.8 Y: instrument region>province
    select
        ref_period,
        instrument,
        region,
        province,
        measure,
        sum(obs_value) as obs_value,
        sum(contributors) as contributors,
        list_reverse_sort(flatten(list(two_largest))) as largest
    from places
    group by ref_period, instrument, region, province, measure
)

select
    ref_period,
    coalesce(instrument, '_T') as instrument,
    coalesce(account_type, '_T') as account_type,
    coalesce(agent_type, '_T') as agent_type,
    coalesce(language, '_T') as language,  -- noqa: RF04
    coalesce(region, '_T') as region,
    coalesce(province, '_T') as province,
    measure,
    cast(obs_value as decimal(18, 2)) as obs_value,
    cast(contributors as bigint) as contributors,
    largest[1] as largest_contribution,
    largest[2] as second_contribution
from cells

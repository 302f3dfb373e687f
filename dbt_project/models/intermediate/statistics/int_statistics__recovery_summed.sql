{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- T10 of statistics-tables.md over one range of accounts after the other: stat_t10 puts the ranges together. A code
-- that a row does not tell apart is null. Type and language are those of the account, whatever the step: stat_t10 adds
-- up their totals.
with case_amounts as (
    select
        case_id,
        sum(net_amount) as net_amount
    from {{ ref('int_recovery__case_charges') }}
    where in_slice(case_account_id)
    group by case_id
),

-- C11: what was settled before the day of the step is not outstanding at the end of the day before.
settled_before as (
    select
        steps.step_id,
        sum(allocations.allocated_amount) as allocated_amount
    from {{ ref('fct_steps') }} as steps
    inner join {{ ref('int_recovery__case_allocations') }} as allocations
        on steps.case_id = allocations.case_id and steps.step_date > allocations.value_date
    where in_slice(steps.account_id) and in_slice(allocations.account_id)
    group by steps.step_id
),

steps as (
    select
        steps.account_id,
        steps.step_date as event_date,
        steps.step_type as instrument,
        coalesce(agents.agent_type, 'none') as agent_type,
        1 as steps,
        case
            when
                row_number() over (
                    partition by steps.case_id, steps.step_type order by steps.step_date, steps.step_id
                ) = 1
                then 1
            else 0
        end as first_steps,
        coalesce(case_amounts.net_amount, 0) - coalesce(settled_before.allocated_amount, 0) as concerned_amount,
        coalesce(steps.cost_amount, 0) as cost_amount
    from {{ ref('fct_steps') }} as steps
    left join {{ ref('stg_recovery_agents') }} as agents on steps.agent_id = agents.agent_id
    left join case_amounts on steps.case_id = case_amounts.case_id
    left join settled_before on steps.step_id = settled_before.step_id
    where in_slice(steps.account_id)
),

-- The agent of the latest step that has one, from the day of the step up to that of the next.
agents_of_cases as (
    select
        case_id,
        step_date as from_date,
        lead(step_date, 1, date '9999-12-31') over (partition by case_id order by step_date) as before_date,
        arg_max(agent_id, step_id) as agent_id
    from {{ ref('fct_steps') }}
    where agent_id is not null and in_slice(account_id)
    group by case_id, step_date
),

receipts as (
    select
        receipts.account_id,
        receipts.value_date as event_date,
        receipts.stage as instrument,
        coalesce(agents.agent_type, 'none') as agent_type,
        receipts.collected_amount as recovered_amount
    from {{ ref('int_recovery__case_receipts') }} as receipts
    left join agents_of_cases
        on
            receipts.case_id = agents_of_cases.case_id
            and receipts.value_date >= agents_of_cases.from_date
            and receipts.value_date < agents_of_cases.before_date
    left join {{ ref('stg_recovery_agents') }} as agents on agents_of_cases.agent_id = agents.agent_id
    where in_slice(receipts.account_id)
),

records as (
    select * from steps
    union all by name
    select * from receipts
),

-- Per account and month, by all that is told apart. A month is a whole number, 12 x year + month - 1.
by_month as (
    select
        records.account_id,
        account_type(records.account_id) as account_type,
        coalesce(managed.language, 'unknown') as language,  -- noqa: RF04
        residences.region_nis as region,
        residences.province_code as province,
        month_number(records.event_date) - 1 as month_index,
        records.instrument,
        records.agent_type,
        cast(sum(records.steps) as decimal(18, 2)) as steps,
        cast(sum(records.first_steps) as decimal(18, 2)) as first_steps,
        cast(sum(records.concerned_amount) as decimal(18, 2)) as concerned_amount,
        cast(sum(records.cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(records.recovered_amount) as decimal(18, 2)) as recovered_amount
    from records
    -- A dossier that a full delivery left out (F4) lies nowhere; its steps count all the same.
    left join {{ ref('int_service__accounts_managed') }} as managed on records.account_id = managed.account_id
    inner join {{ ref('int_population__residences_dated') }} as residences
        on
            coalesce(managed.known_municipality_nis, 'ABROAD') = residences.known_municipality_nis
            and records.event_date between residences.from_date and residences.to_date
    where last_day(records.event_date) <= as_of_date()
    group by all
),

-- Where an account is in a year: null, and told apart below, when a merger moved it to another province.
located as (
    select
        account_id,
        month_index // 12 as calendar_year,
        case when min(province) = max(province) then min(region) end as region,
        case when min(province) = max(province) then min(province) end as province
    from by_month
    group by account_id, month_index // 12
),

-- S1: periods that have ended.
by_account as (
    -- T10.1 and T10.2, months: instrument account_type
    select
        month_text(make_date(month_index // 12, month_index % 12 + 1, 1)) as ref_period,
        account_id,
        account_type,
        instrument,
        cast(sum(steps) as decimal(18, 2)) as steps,
        cast(sum(first_steps) as decimal(18, 2)) as first_steps,
        cast(sum(concerned_amount) as decimal(18, 2)) as concerned_amount,
        cast(sum(cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(recovered_amount) as decimal(18, 2)) as recovered_amount
    from by_month
    group by month_index, account_id, account_type, rollup (instrument)
    union all by name
    -- T10.1 to T10.4, quarters: instrument account_type agent_type
    select
        quarter_index_text(month_index // 3) as ref_period,
        account_id,
        account_type,
        instrument,
        agent_type,
        cast(sum(steps) as decimal(18, 2)) as steps,
        cast(sum(first_steps) as decimal(18, 2)) as first_steps,
        cast(sum(concerned_amount) as decimal(18, 2)) as concerned_amount,
        cast(sum(cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(recovered_amount) as decimal(18, 2)) as recovered_amount
    from by_month
    where month_index // 3 <= last_ended_quarter(as_of_date())
    group by month_index // 3, account_id, account_type, cube (instrument, agent_type)
    union all by name
    -- T10.1 to T10.8, years: instrument account_type agent_type; instrument account_type language; instrument
    -- region>province
    select
        year_text(year_start(located.calendar_year)) as ref_period,
        by_month.account_id,
        by_month.account_type,
        by_month.language,
        located.region,
        located.province,
        by_month.instrument,
        by_month.agent_type,
        cast(sum(by_month.steps) as decimal(18, 2)) as steps,
        cast(sum(by_month.first_steps) as decimal(18, 2)) as first_steps,
        cast(sum(by_month.concerned_amount) as decimal(18, 2)) as concerned_amount,
        cast(sum(by_month.cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(by_month.recovered_amount) as decimal(18, 2)) as recovered_amount
    from by_month
    inner join located
        on by_month.account_id = located.account_id and by_month.month_index // 12 = located.calendar_year
    where located.calendar_year * 4 + 3 <= last_ended_quarter(as_of_date())
    group by
        located.calendar_year, by_month.account_id, by_month.account_type, by_month.language,
        located.region, located.province, cube (by_month.instrument, by_month.agent_type)
    union all by name
    -- T10.7 and T10.8, accounts that moved.
    select
        year_text(year_start(located.calendar_year)) as ref_period,
        by_month.account_id,
        by_month.region,
        by_month.province,
        by_month.instrument,
        cast(sum(by_month.steps) as decimal(18, 2)) as steps,
        cast(sum(by_month.first_steps) as decimal(18, 2)) as first_steps,
        cast(sum(by_month.concerned_amount) as decimal(18, 2)) as concerned_amount,
        cast(sum(by_month.cost_amount) as decimal(18, 2)) as cost_amount,
        cast(sum(by_month.recovered_amount) as decimal(18, 2)) as recovered_amount
    from by_month
    inner join located
        on by_month.account_id = located.account_id and by_month.month_index // 12 = located.calendar_year
    where located.province is null and located.calendar_year * 4 + 3 <= last_ended_quarter(as_of_date())
    group by
        located.calendar_year, by_month.account_id, by_month.region,
        rollup (by_month.province), rollup (by_month.instrument)
)

select
    ref_period,
    instrument,
    account_type,
    agent_type,
    language,
    region,
    province,
    -- One row per measure, its fields as columns.
    unnest([  -- noqa: AL03
        {
            'measure': 'steps',
            'obs_value': cast(sum(steps) as decimal(18, 2)),
            'contributors': count(nullif(steps, 0)),
            'two_largest': max(nullif(steps, 0), 2)
        },
        {
            'measure': 'first_steps',
            'obs_value': cast(sum(first_steps) as decimal(18, 2)),
            'contributors': count(nullif(first_steps, 0)),
            'two_largest': max(nullif(first_steps, 0), 2)
        },
        {
            'measure': 'concerned_amount',
            'obs_value': cast(sum(concerned_amount) as decimal(18, 2)),
            'contributors': count(nullif(concerned_amount, 0)),
            'two_largest': max(abs(nullif(concerned_amount, 0)), 2)
        },
        {
            'measure': 'cost_amount',
            'obs_value': cast(sum(cost_amount) as decimal(18, 2)),
            'contributors': count(nullif(cost_amount, 0)),
            'two_largest': max(abs(nullif(cost_amount, 0)), 2)
        },
        {
            'measure': 'recovered_amount',
            'obs_value': cast(sum(recovered_amount) as decimal(18, 2)),
            'contributors': count(nullif(recovered_amount, 0)),
            'two_largest': max(abs(nullif(recovered_amount, 0)), 2)
        }
    ], recursive := true)
from by_account
group by ref_period, instrument, account_type, agent_type, language, region, province

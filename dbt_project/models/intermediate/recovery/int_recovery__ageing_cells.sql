-- Each account counts once in a cell, so cells are sums over accounts; an account may be in several (C3).
with spread as (
    select
        charge_number,
        account_key,
        nature_rank,
        due_date,
        outstanding_amount,
        {{ integers_between('from_index', 'to_index') }} as quarter_index
    from {{ ref('int_recovery__open_runs') }}
),

quarters as (
    select
        quarter_index,
        {{ reference_date('quarter_index', as_of_date()) }} as reference_date
    from (
        select {{ integers_between('min(from_index)', 'max(to_index)') }} as quarter_index
        from {{ ref('int_recovery__open_runs') }}
    ) as span
),

aged as (
    select
        spread.charge_number,
        spread.account_key,
        spread.nature_rank,
        spread.quarter_index,
        {{ arrears_state("datediff('day', spread.due_date, quarters.reference_date)") }} as state,
        spread.outstanding_amount
    from spread
    inner join quarters on spread.quarter_index = quarters.quarter_index
    where spread.due_date < quarters.reference_date
),

per_account as (
    select
        aged.quarter_index,
        aged.account_key,
        aged.nature_rank,
        aged.state,
        coalesce(stages.stage_rank, 0) as stage_rank,
        count(*) as charges,
        sum(aged.outstanding_amount) as outstanding_amount
    from aged
    left join {{ ref('int_recovery__charge_stages') }} as stages
        on aged.charge_number = stages.charge_number and aged.quarter_index = stages.quarter_index
    group by
        aged.quarter_index,
        aged.account_key,
        aged.nature_rank,
        aged.state,
        coalesce(stages.stage_rank, 0)
)

select
    quarter_index,
    case when account_key >= 100000000 then 'company' else 'affiliate' end as account_type,
    nature_rank,
    state,
    stage_rank,
    count(*) as debtors,
    cast(sum(charges) as bigint) as charges,
    cast(sum(outstanding_amount) as decimal(18, 2)) as outstanding_amount
from per_account
group by
    quarter_index,
    case when account_key >= 100000000 then 'company' else 'affiliate' end,
    nature_rank,
    state,
    stage_rank

-- Ruling C3: the stage of a charge at a quarter end is the highest among the cases that hold it then. Only for charges
-- that are seen open at the end of a quarter.
with held as (
    select
        {{ id_number('case_charges.charge_id') }} as charge_number,
        {{ quarter_index('stages.from_date') }} as from_index,
        -- A case closed in a quarter no longer holds its charges at the end of it.
        least(
            coalesce({{ quarter_index('stages.before_date') }} - 1, {{ quarter_index(as_of_date()) }}),
            coalesce({{ quarter_index('stages.closed_date') }} - 1, {{ quarter_index(as_of_date()) }})
        ) as to_index,
        stages.stage_rank
    from {{ ref('int_recovery__case_stages') }} as stages
    inner join {{ ref('stg_recovery_case_charges') }} as case_charges on stages.case_id = case_charges.case_id
),

seen as (
    select
        charge_number,
        min(from_index) as from_index,
        max(to_index) as to_index
    from {{ ref('int_recovery__open_runs') }}
    group by charge_number
),

spread as (
    select
        held.charge_number,
        held.stage_rank,
        {{ integers_between('greatest(held.from_index, seen.from_index)', 'least(held.to_index, seen.to_index)') }}
            as quarter_index
    from held
    inner join seen on held.charge_number = seen.charge_number
)

select
    charge_number,
    quarter_index,
    max(stage_rank) as stage_rank
from spread
group by charge_number, quarter_index

{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_recovery__accounts_scoped',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_recovery__stage_runs_before') }}

-- Ruling C3: the quarter ends at which a case holds a charge, with the stage of the case then; of several cases the
-- highest counts. Only for charges that are seen open at the end of a quarter, while they are. The last run has no end.
with held as (
    select
        charges_held.charge_number,
        {{ quarter_index('held_stages.from_date') }} as from_index,
        -- A case closed in a quarter no longer holds its charges at the end of it.
        least(
            {{ quarter_index('held_stages.before_date') }} - 1, {{ quarter_index('held_stages.closed_date') }} - 1
        ) as to_index,
        held_stages.stage_rank
    from {{ ref('recovery_case_stages') }} as held_stages
    inner join {{ ref('int_recovery__charges_held') }} as charges_held on held_stages.case_id = charges_held.case_id
    where held_stages.stage_rank > 0
),

seen as (
    select
        charge_number,
        min(account_key) as account_key,
        min(from_index) as from_index,
        max(coalesce(to_index, 999999)) as to_index
    from {{ ref('recovery_open_runs') }}
    where {{ only_scoped_keys('account_key') }}
    group by charge_number
)

select
    seen.account_key,
    seen.charge_number,
    greatest(held.from_index, seen.from_index) as from_index,
    cast(nullif(least(coalesce(held.to_index, 999999), seen.to_index), 999999) as integer) as to_index,
    held.stage_rank
from held
inner join seen on held.charge_number = seen.charge_number
where greatest(held.from_index, seen.from_index) <= least(coalesce(held.to_index, 999999), seen.to_index)

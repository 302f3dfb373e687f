{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C3: the stage of a charge is the highest among the cases that hold it then. From the first to the last day on which
-- something is outstanding on it, a charge that a case holds or held has spans of days with one stage, end to end.
with lives as (
    select
        charge_id,
        min(from_date) as from_date,
        max(before_date) as before_date
    from {{ ref('int_recovery__charge_balances') }}
    where in_slice(account_id)
    group by charge_id
),

-- A case no longer holds its charges on the day it is closed. Most steps are followed by a higher one in the same
-- quarter: only stages that are held at a quarter end, or are held still, are looked at.
case_stages as (
    select
        case_id,
        stage_rank,
        from_date,
        least(before_date, coalesce(closed_date, before_date)) as ended_date
    from {{ ref('int_recovery__case_stages') }}
    where stage_rank > 0 and ended_date > least(quarter_end(from_date), as_of_date())
),

held as (
    select
        lives.charge_id,
        greatest(case_stages.from_date, lives.from_date) as from_date,
        least(case_stages.ended_date, lives.before_date) as before_date,
        case_stages.stage_rank
    from {{ ref('int_recovery__case_charges') }} as charges
    inner join lives on charges.charge_id = lives.charge_id
    inner join case_stages on charges.case_id = case_stages.case_id
    where
        greatest(case_stages.from_date, lives.from_date) < least(case_stages.ended_date, lives.before_date)
        and in_slice(charges.account_id)
    union all
    select
        charge_id,
        from_date,
        before_date,
        0 as stage_rank
    from lives
    where charge_id in (select charges.charge_id from {{ ref('int_recovery__case_charges') }} as charges)
),

changes as (
    select charge_id, from_date from held
    union
    select charge_id, before_date as from_date from held
),

spans as (
    select
        charge_id,
        from_date,
        lead(from_date) over (partition by charge_id order by from_date) as before_date
    from changes
    qualify before_date is not null
),

highest as (
    select
        spans.charge_id,
        spans.from_date,
        spans.before_date,
        max(held.stage_rank) as stage_rank
    from spans
    inner join held
        on
            spans.charge_id = held.charge_id
            and spans.from_date >= held.from_date
            and spans.before_date <= held.before_date
    group by spans.charge_id, spans.from_date, spans.before_date
)

select
    highest.charge_id,
    highest.from_date,
    highest.before_date,
    stages.stage
from highest
inner join {{ ref('recovery_stages') }} as stages on highest.stage_rank = stages.stage_rank

{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C3: the stage of a charge is the highest among the cases that hold it then, `none` before, after and between them.
-- For the cases that hold the same charges: spans of days, end to end over all time.
with holders as (
    select distinct
        account_id,
        case_ids
    from {{ ref('int_recovery__charges_held') }}
    where in_slice(account_id)
),

cases as (
    select
        *,
        unnest(case_ids) as case_id
    from holders
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
        cases.account_id,
        cases.case_ids,
        case_stages.from_date,
        case_stages.ended_date as before_date,
        case_stages.stage_rank
    from cases
    inner join case_stages on cases.case_id = case_stages.case_id
    union all
    select
        account_id,
        case_ids,
        date '0001-01-01' as from_date,
        date '9999-12-31' as before_date,
        0 as stage_rank
    from holders
),

changes as (
    select
        account_id,
        case_ids,
        from_date
    from held
    union
    select
        account_id,
        case_ids,
        before_date as from_date
    from held
),

spans as (
    select
        *,
        lead(from_date) over (partition by account_id, case_ids order by from_date) as before_date
    from changes
    qualify before_date is not null
),

highest as (
    select
        spans.*,
        max(held.stage_rank) as stage_rank
    from spans
    inner join held
        on
            spans.account_id = held.account_id
            and spans.case_ids = held.case_ids
            and spans.from_date >= held.from_date
            and spans.before_date <= held.before_date
    group by all
)

select
    highest.account_id,
    highest.case_ids,
    highest.from_date,
    highest.before_date,
    ranked.stage
from highest
inner join {{ ref('recovery_stages') }} as ranked on highest.stage_rank = ranked.stage_rank

-- The stage of a case is its highest-ranked step so far (definitions, section 4); a case counts from its opening, with
-- the steps that were taken before it (C3). Steps outside the order do not change the stage (C5). A stage that holds
-- still ends on 31 December 9999.
with cases as (
    select
        case_id,
        account_id,
        opened_date,
        case when closed_date <= as_of_date() then closed_date end as closed_date
    from {{ ref('stg_recovery_cases') }}
    where opened_date <= as_of_date()
),

steps as (
    select
        steps.case_id,
        greatest(steps.step_date, cases.opened_date) as from_date,
        steps.stage_rank
    from {{ ref('int_recovery__steps_dated') }} as steps
    inner join cases on steps.case_id = cases.case_id
    where steps.stage_rank is not null
    union all
    select
        case_id,
        opened_date as from_date,
        0 as stage_rank
    from cases
),

daily as (
    select
        case_id,
        from_date,
        max(stage_rank) as stage_rank
    from steps
    group by case_id, from_date
),

rising as (
    select
        *,
        max(stage_rank) over (
            partition by case_id
            order by from_date
            rows between unbounded preceding and 1 preceding
        ) as stage_rank_before
    from daily
    qualify stage_rank > coalesce(stage_rank_before, -1)
)

select
    rising.case_id,
    cases.account_id,
    cases.opened_date,
    cases.closed_date,
    ranked.stage,
    rising.stage_rank,
    rising.from_date,
    lead(rising.from_date, 1, date '9999-12-31') over (partition by rising.case_id order by rising.from_date)
        as before_date
from rising
inner join cases on rising.case_id = cases.case_id
inner join {{ ref('recovery_stages') }} as ranked on rising.stage_rank = ranked.stage_rank

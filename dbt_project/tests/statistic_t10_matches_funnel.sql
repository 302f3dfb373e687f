-- T10 over all quarters against the funnel over all opening quarters (statistics-tables.md, coherence 8): the first
-- steps of each type are the cases that reached that stage, what was recovered in a stage is what was collected in it.
-- Judged only when the as-of date is a quarter end: the steps and the money of a running quarter have no row yet.
with funnel as (
    select
        stage,
        sum(cases_reached) filter (where stage <> 'none') as cases_reached,
        sum(collected_amount) as collected_amount
    from {{ ref('mart_funnel') }}
    group by stage
),

-- The funnel begins with the opening; a step may come before it, even when the opening is still to come.
not_opened as (
    select
        steps.step_type as stage,
        count(distinct steps.case_id) as cases
    from {{ ref('fct_steps') }} as steps
    inner join {{ ref('fct_cases') }} as cases on steps.case_id = cases.case_id
    where cases.opened_date > as_of_date()
    group by steps.step_type
),

statistic as (
    select
        instrument as stage,
        sum(obs_value) filter (where measure = 'first_steps') as first_steps,
        sum(obs_value) filter (where measure = 'recovered_amount') as recovered_amount
    from {{ ref('stat_t10') }}
    where
        ref_period like '____Q_'
        -- Steps that are no stage are not in the funnel (C5).
        and instrument in (select ranked.stage from {{ ref('recovery_stages') }} as ranked)
        and account_type = '_T'
        and agent_type = '_T'
        and language = '_T'
        and region = '_T'
        and province = '_T'
    group by instrument
)

select
    coalesce(funnel.stage, statistic.stage) as stage,
    funnel.cases_reached,
    not_opened.cases as cases_not_opened,
    statistic.first_steps,
    funnel.collected_amount,
    statistic.recovered_amount
from funnel
full outer join statistic on funnel.stage = statistic.stage
left join not_opened on statistic.stage = not_opened.stage
where
    as_of_date() = quarter_end(as_of_date())
    and (
        coalesce(funnel.cases_reached, 0) + coalesce(not_opened.cases, 0) <> coalesce(statistic.first_steps, 0)
        or coalesce(funnel.collected_amount, 0) <> coalesce(statistic.recovered_amount, 0)
    )

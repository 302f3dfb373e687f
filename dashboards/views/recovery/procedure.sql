-- query: quarters
select distinct opening_quarter from recovery.mart_funnel order by opening_quarter desc

-- query: funnel
select stage, stage_rank, cases_reached::bigint as cases_reached, median_days_from_previous,
    collected_amount::double as collected_amount,
    cases_reached / nullif(sum(cases_reached) filter (where stage_rank = 0) over (), 0) as share
from recovery.mart_funnel
where opening_quarter = $quarter
order by stage_rank

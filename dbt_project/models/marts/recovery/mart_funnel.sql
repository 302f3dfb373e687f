select
    quarter_text(opened_date) as opening_quarter,
    stage,
    cast(stage_rank as integer) as stage_rank,
    count(*) as cases_reached,
    cast(median(days_from_previous) as double) as median_days_from_previous,
    cast(sum(collected_amount) as decimal(18, 2)) as collected_amount
from {{ ref('int_recovery__stages_entered') }}
group by opening_quarter, stage, stage_rank

select
    {{ quarter_index_text('entries.opened_index') }} as opening_quarter,
    held_stages.stage,
    cast(held_stages.stage_rank as integer) as stage_rank,
    count(*) as cases_reached,
    cast(median(entries.days_taken) as double) as median_days_from_previous,
    cast(sum(entries.collected_amount) as decimal(18, 2)) as collected_amount
from {{ ref('recovery_case_entries') }} as entries
inner join {{ ref('recovery_stages') }} as held_stages on entries.stage_rank = held_stages.stage_rank
group by entries.opened_index, held_stages.stage, held_stages.stage_rank

select opening_quarter, stage, cases_reached, collected_amount
from recovery.mart_funnel
where opening_quarter = $quarter
order by stage_rank

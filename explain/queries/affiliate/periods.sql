select affiliation_id, category, nature, start_date, end_date, end_reason, origin
from core.fct_affiliation_periods
where affiliate_id = $id
order by start_date, affiliation_id

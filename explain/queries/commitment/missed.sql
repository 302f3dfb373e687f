select item_key, account_id, office_code, started_date, deadline_date, done_date, days_over, amount
from service.fct_missed_items
where code = $code and quarter = $quarter and ($office = 'ALL' or office_code = $office)
order by days_over desc nulls last, item_key

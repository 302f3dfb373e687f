-- query: open
select *
from meta.quarantine
order by delivery_id desc, extract, line_number

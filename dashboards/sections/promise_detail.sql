-- query: one
select value
from service.mart_commitments
where code = $code and quarter = $quarter and office_code = $office

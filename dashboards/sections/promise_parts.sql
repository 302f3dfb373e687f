-- query: by_detail
select breakdown_code, numerator, denominator, value
from service.mart_commitments_detail
where code = $code and quarter = $quarter and office_code = $office
order by value, breakdown_code

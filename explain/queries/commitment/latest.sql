select max(quarter) as quarter
from service.mart_commitments
where code = $code and office_code = $office

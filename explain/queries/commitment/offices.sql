select office_code, numerator, denominator, value, is_met
from service.mart_commitments
where code = $code and quarter = $quarter and office_code <> 'ALL'
order by office_code

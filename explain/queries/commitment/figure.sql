select code, quarter, office_code, numerator, denominator, value, unit, target, is_met
from service.mart_commitments
where code = $code and quarter = $quarter and office_code = $office

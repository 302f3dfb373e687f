select quarter, benefit, cause, payments, paid_amount
from benefit.mart_quarter
where quarter = $quarter and benefit = $benefit and cause is not distinct from $cause

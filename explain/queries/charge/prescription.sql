select prescription_date, interrupted_by, interrupted_on, days_left, is_prescribed
from recovery.mart_prescription
where charge_id = $id

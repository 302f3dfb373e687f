-- Every line of a key that was refused, by the form of its file or by the judgement.
select delivery_id, extract, file, line_number, rule, column_name, reason, is_open
from meta.quarantine
where extract = $extract and key = $key
order by delivery_id, line_number

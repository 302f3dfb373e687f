select list_name, code, label_fr, label_nl
from core.dim_code
where list_name in (select unnest($lists))

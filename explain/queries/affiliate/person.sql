select affiliate_id, language, municipality_nis, office_code, deceased_date
from core.dim_affiliate
where affiliate_id = $id

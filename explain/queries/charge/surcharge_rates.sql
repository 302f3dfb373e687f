select period, value, unit, valid_from, valid_to, article, certainty
from reference.law_surcharges
where surcharge_kind = $kind and $day between valid_from and coalesce(valid_to, $day)
order by period

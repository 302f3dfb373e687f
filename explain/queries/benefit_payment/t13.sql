select 'T13:ref_period=' || ref_period || ',payment_unit=' || payment_unit || ',measure=' || measure
    as cell, measure, obs_value
from statistics.stat_t13
where ref_period in ($quarter, left($quarter, 4)) and payment_unit = $unit
    and cause = '_T' and decision = '_T' and family_charge = '_T' and sex = '_T' and age_class = '_T'
    and branch = '_T' and region = '_T' and measure in ('paid_amount', 'payments', 'units')
order by ref_period, measure

select 'T14:ref_period=' || ref_period || ',benefit=' || benefit || ',payment_unit=' || payment_unit
    || ',measure=' || measure as cell, measure, obs_value
from statistics.stat_t14
where ref_period in ($quarter, left($quarter, 4)) and benefit = $benefit and payment_unit = $unit
    and cause = '_T' and decision = '_T' and sex = '_T' and age_class = '_T' and branch = '_T'
    and region = '_T' and measure in ('paid_amount', 'payments', 'units')
order by ref_period, measure

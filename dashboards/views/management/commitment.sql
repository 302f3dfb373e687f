-- query: measured
select code, quarter, office_code, numerator, denominator, value, unit, target, is_met
from service.mart_commitments

-- query: closed
select cast(year(day) as varchar) || 'Q' || cast(quarter(day) as varchar) as closed
from (select business_date + 1 - interval 3 month as day from meta.release)

-- query: declared
select
    code,
    section,
    case $lang when 'nl' then promise_nl else promise_fr end as promise,
    case $lang when 'nl' then title_nl else title_fr end as title,
    case $lang when 'nl' then definition_nl else definition_fr end as definition,
    case $lang when 'nl' then not_measured_nl else not_measured_fr end as not_measured,
    unit,
    target,
    extracts,
    breakdown_list,
    is_measured
from service.dim_commitment
order by rank

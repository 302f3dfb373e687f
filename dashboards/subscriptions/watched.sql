-- query: promises
-- The last value of each promise of the whole fund, of quarters that are over.
select figures.code, figures.quarter, figures.value, figures.unit
from service.mart_commitments as figures
where figures.office_code = 'ALL' and figures.quarter = $quarter and figures.value is not null
order by figures.code

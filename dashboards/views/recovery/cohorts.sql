-- query: known
select distinct account_type, nature, affiliation_origin, cohort_quarter
from recovery.mart_arrears_cohorts

-- query: promises
-- Promises with a target that the fund, or an office, missed in one of the quarters asked for.
select
    figures.code,
    figures.quarter,
    any_value(figures.value) filter (where figures.office_code = 'ALL') as value,
    any_value(figures.numerator) filter (where figures.office_code = 'ALL') as numerator,
    any_value(figures.denominator) filter (where figures.office_code = 'ALL') as denominator,
    any_value(figures.unit) as unit,
    any_value(figures.target) as target,
    coalesce(bool_or(not figures.is_met) filter (where figures.office_code = 'ALL'), false)
        as is_missed,
    coalesce(
        list(figures.office_code order by figures.office_code)
            filter (where figures.office_code <> 'ALL' and not figures.is_met),
        []
    ) as offices
from service.mart_commitments as figures
where list_contains($quarters, figures.quarter) and figures.is_met is not null
group by figures.code, figures.quarter
having coalesce(bool_or(not figures.is_met), false)
order by figures.code, figures.quarter

-- query: names
select code, case when $lang = 'nl' then title_nl else title_fr end as title
from service.dim_commitment

-- query: worklist
select
    count(*) as accounts,
    coalesce(sum(outstanding_amount), 0)::double as amount,
    count(*) filter (where due_by <= $today) as due
from recovery.mart_worklist

-- query: prescriptions
-- What is lost within a number of days unless something interrupts it.
select
    count(distinct account_id) as accounts,
    count(*) as charges,
    coalesce(sum(outstanding_amount), 0)::double as amount,
    min(prescription_date) as first_date
from recovery.mart_prescription
where prescription_date > $today and prescription_date <= $until

-- query: checks
select count(*) as checks, count(*) filter (where failures > 0) as found
from meta.checks

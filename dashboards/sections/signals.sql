-- query: promises
-- Promises with a target that the fund, or an office, missed in one of the quarters asked for. An
-- office is named by its share only where there are enough items behind it (ruling H13).
with judged as (
    select
        *,
        office_code = 'ALL' as is_fund,
        office_code = 'ALL' or unit <> 'share' or denominator >= $least as is_named
    from service.mart_commitments
    where list_contains($quarters, quarter) and is_met is not null
)

select
    code,
    quarter,
    any_value(value) filter (where is_fund) as value,
    any_value(numerator) filter (where is_fund) as numerator,
    any_value(denominator) filter (where is_fund) as denominator,
    any_value(unit) as unit,
    any_value(target) as target,
    coalesce(bool_or(not is_met) filter (where is_fund), false) as is_missed,
    coalesce(
        list(office_code order by office_code) filter (where not is_fund and not is_met), []
    ) as offices
from judged
where is_named
group by code, quarter
having bool_or(not is_met)
order by code, quarter

-- query: names
-- The title of a second measure goes on where that of the first ends ("… and within 45 days"):
-- alone it says nothing.
with titles as (
    select code, case when $lang = 'nl' then title_nl else title_fr end as title
    from service.dim_commitment
)

select
    second.code,
    case when starts_with(second.title, '…') then concat_ws(' ', first.title, second.title)
        else second.title end as title
from titles as second
left join titles as first on regexp_replace(second.code, '[A-Z]$', '') = first.code
order by second.code

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

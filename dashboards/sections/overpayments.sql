-- query: by_cause
select
    cause,
    count(*) as count,
    sum(amount) as amount,
    sum(repaid_amount) as repaid_amount,
    sum(waived_amount) as waived_amount,
    sum(outstanding_amount) as outstanding_amount,
    coalesce(sum(outstanding_amount) filter (where is_prescribed), 0) as prescribed_amount,
    coalesce(sum(outstanding_amount) filter (
        where
        not is_prescribed
        and prescription_date <= (select business_date + interval 6 month from meta.release)
    ), 0) as soon_amount
from benefit.mart_overpayments
group by all
order by outstanding_amount desc, cause

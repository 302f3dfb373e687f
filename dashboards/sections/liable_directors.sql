-- query: totals
select count(distinct company_id) as companies, count(distinct affiliate_id) as persons
from company.mart_liable_directors

-- query: listed
select
    company_id,
    affiliate_id,
    role,
    start_date,
    end_date,
    outstanding_amount,
    charges,
    oldest_due_date,
    solidarity_notice_date
from company.mart_liable_directors
order by outstanding_amount desc, mandate_id
limit 500

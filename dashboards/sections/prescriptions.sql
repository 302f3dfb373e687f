-- part: scope
from recovery.mart_prescription
where list_contains($offices, coalesce(office_code, 'none'))
    and list_contains($agents, coalesce(agent_id, 'none'))

-- part: running
{scope}
    and prescription_date > $today

-- part: quarter
concat(year(prescription_date), 'Q', quarter(prescription_date))

-- query: totals
select
    coalesce(sum(outstanding_amount) filter (where is_prescribed), 0)::double as prescribed_amount,
    count(*) filter (where is_prescribed) as prescribed_charges,
    -- What came in since the as-of date is not known: told apart from what is prescribed (H7, C10).
    coalesce(sum(outstanding_amount) filter (
        where not is_prescribed and prescription_date <= $today
    ), 0)::double as lapsed_amount,
    count(*) filter (where not is_prescribed and prescription_date <= $today) as lapsed_charges,
    coalesce(sum(outstanding_amount) filter (
        where prescription_date > $today
            and prescription_date <= cast($today as date) + interval 6 month
    ), 0)::double as near_amount,
    count(distinct account_id) filter (
        where prescription_date > $today
            and prescription_date <= cast($today as date) + interval 6 month
    ) as near_accounts
{scope}

-- query: by_quarter
select {quarter} as quarter, interrupted_by is not null as is_interrupted,
    count(*)::bigint as charges, count(distinct account_id)::bigint as accounts,
    sum(outstanding_amount)::double as outstanding_amount
{running}
    and date_trunc('quarter', prescription_date)
        <= date_trunc('quarter', cast($today as date)) + interval 24 month
group by all
order by quarter, is_interrupted

-- part: period
{running}
    and case
        when $quarter = 'near' then prescription_date <= cast($today as date) + interval 6 month
        else {quarter} = $quarter
    end

-- query: accounts_counted
select count(distinct account_id) as accounts {period}

-- query: accounts
-- One line per account: several charges of it prescribe on several days.
select account_id, min(prescription_date) as prescription_date,
    date_diff('day', cast($today as date), min(prescription_date)) as days_left,
    count(*)::bigint as charges, sum(outstanding_amount)::double as outstanding_amount,
    max(interrupted_on) as interrupted_on, office_code, agent_id
{period}
group by account_id, office_code, agent_id
order by prescription_date, outstanding_amount desc, account_id
limit $lines

-- query: totals
select
    max(business_date) as last_date,
    count(*) as deliveries,
    coalesce(sum(rows_delivered), 0)::bigint as delivered,
    coalesce(sum(rows_accepted), 0)::bigint as accepted,
    coalesce(sum(rows_rejected), 0)::bigint as rejected
from meta.deliveries

-- query: deliveries
select
    delivery_id,
    business_date,
    mode,
    loaded_at,
    files,
    rows_delivered,
    rows_accepted,
    rows_rejected
from meta.deliveries
order by business_date desc, delivery_id desc

-- query: checks
select check_id, subject, severity, status, failures, explanation
from meta.checks
order by severity, check_id

-- query: months
select period, ledger_line, ledger_amount, warehouse_amount, difference
from meta.reconciliation
order by period desc, ledger_line

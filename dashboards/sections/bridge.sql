-- query: lines
select bridge.figure, bridge.place, bridge.part, bridge.amount::double as amount
from recovery.mart_balance_bridge as bridge
inner join core.dim_code as figures
    on figures.list_name = 'balance' and bridge.figure = figures.code
order by figures.rank, bridge.place

-- query: prescribed_since
-- What prescribed after the day the data are as of, up to the day on which somebody looks.
select coalesce(sum(outstanding_amount), 0)::double as amount
from recovery.mart_prescription
where prescription_date > $date and prescription_date <= $today

-- query: lines
select bridge.figure, bridge.place, bridge.part, bridge.amount::double as amount
from recovery.mart_balance_bridge as bridge
inner join core.dim_code as figures
    on figures.list_name = 'balance' and bridge.figure = figures.code
order by figures.rank, bridge.place

{{ config(severity='warn') }}
-- Ruling F12: a month and line where the general ledger and the warehouse differ is a warning, to be explained.
select
    period,
    ledger_line,
    ledger_amount,
    warehouse_amount,
    difference
from {{ ref('reconciliation') }}
where difference <> 0

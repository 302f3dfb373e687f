{{ config(severity='warn') }}
-- Rulings F12, H5: a month and line where general ledger and warehouse differ a little is a warning, to be explained;
-- ledger_is_close says when it is an error.
select
    period,
    ledger_line,
    ledger_amount,
    warehouse_amount,
    difference
from {{ ref('reconciliation') }}
where difference <> 0

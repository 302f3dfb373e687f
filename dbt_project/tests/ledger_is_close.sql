-- Ruling H5: a month of a ledger line that differs from the warehouse by more than 1 % and by more than 1 000 EUR
-- (VIGIE_LEDGER_MAX_PCT, VIGIE_LEDGER_MAX_EUR) stops the publication; ledger_reconciles tells what is less.
select
    period,
    ledger_line,
    ledger_amount,
    warehouse_amount,
    difference
from {{ ref('reconciliation') }}
where
    abs(difference) > cast('{{ env_var('VIGIE_LEDGER_MAX_EUR', '1000') }}' as decimal(18, 2))
    and abs(difference) * 100
    > abs(warehouse_amount) * cast('{{ env_var('VIGIE_LEDGER_MAX_PCT', '1') }}' as decimal(9, 4))

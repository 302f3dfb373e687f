-- Ruling H5: a month of a ledger line that differs from the warehouse by more than 1 % and by more than 1 000 EUR
-- (VIGIE_LEDGER_MAX_PCT, VIGIE_LEDGER_MAX_EUR) stops the publication; ledger_reconciles tells what is less.
with limits as (
    select
        cast('{{ env_var('VIGIE_LEDGER_MAX_EUR', '1000') }}' as decimal(18, 2)) as max_eur,
        cast('{{ env_var('VIGIE_LEDGER_MAX_PCT', '1') }}' as decimal(9, 6)) as max_pct
)

select
    reconciliation.period,
    reconciliation.ledger_line,
    reconciliation.ledger_amount,
    reconciliation.warehouse_amount,
    reconciliation.difference
from {{ ref('reconciliation') }} as reconciliation
cross join limits
where
    abs(reconciliation.difference) > limits.max_eur
    -- Wide enough for amounts at the limit of their type.
    and cast(abs(reconciliation.difference) as decimal(24, 2)) * 100
    > cast(abs(reconciliation.warehouse_amount) as decimal(24, 2)) * limits.max_pct

-- Ruling F12: the warehouse's own total for each accounting month and line that the general ledger delivers.
with movements as (
    select
        period,
        ledger_line,
        amount
    from {{ ref('ledger_movements') }}
    union all
    select
        {{ month_text('paid_date') }} as period,
        'benefits_paid' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_benefit_payments') }}
    where paid_date is not null
    group by paid_date
    union all
    select
        {{ month_text('established_date') }} as period,
        'overpayments_established' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_benefit_overpayments') }}
    group by established_date
),

warehouse_totals as (
    select
        period,
        ledger_line,
        sum(amount) as amount
    from movements
    group by period, ledger_line
)

select
    ledger.period,
    ledger.ledger_line,
    cast(ledger.amount as decimal(18, 2)) as ledger_amount,
    cast(coalesce(warehouse_totals.amount, 0) as decimal(18, 2)) as warehouse_amount,
    cast(ledger.amount - coalesce(warehouse_totals.amount, 0) as decimal(18, 2)) as difference
from {{ ref('stg_ledger_totals') }} as ledger
left join warehouse_totals
    on ledger.period = warehouse_totals.period and ledger.ledger_line = warehouse_totals.ledger_line

-- F12: the warehouse's own total for each accounting month and line that the general ledger delivers.
with charges as (
    select
        charge_id,
        charge_type,
        related_charge_id,
        issue_date,
        amount
    from {{ ref('stg_charges') }}
),

-- A cancellation belongs to the line of the charge that it cancels, in its own month.
charged as (
    select
        issue_date as movement_date,
        charge_type,
        amount
    from charges
    where charge_type <> 'cancellation'
    union all
    select
        cancellations.issue_date as movement_date,
        cancelled.charge_type,
        cancellations.amount
    from charges as cancellations
    inner join charges as cancelled on cancellations.related_charge_id = cancelled.charge_id
    where cancellations.charge_type = 'cancellation'
),

movements as (
    select
        movement_date,
        case
            when charge_type in ('provisional', 'regularisation') then 'contributions_charged'
            when charge_type = 'company_contribution' then 'company_contributions_charged'
            else 'surcharges_charged'
        end as ledger_line,
        amount
    from charged
    union all
    select
        value_date as movement_date,
        'payments_received' as ledger_line,
        amount
    from {{ ref('stg_payments') }}
    union all
    select
        effective_date as movement_date,
        'relief_granted' as ledger_line,
        amount
    from {{ ref('stg_relief_effects') }}
    union all
    select
        paid_date as movement_date,
        'benefits_paid' as ledger_line,
        amount
    from {{ ref('stg_benefit_payments') }}
    where paid_date is not null
    union all
    select
        established_date as movement_date,
        'overpayments_established' as ledger_line,
        amount
    from {{ ref('stg_benefit_overpayments') }}
),

-- By day first: a month is then written of some thousand days, not of every row.
daily as (
    select
        movement_date,
        ledger_line,
        sum(amount) as amount
    from movements
    group by movement_date, ledger_line
),

warehouse as (
    select
        month_text(movement_date) as period,
        ledger_line,
        sum(amount) as amount
    from daily
    group by period, ledger_line
)

select
    ledger.period,
    ledger.ledger_line,
    cast(ledger.amount as decimal(18, 2)) as ledger_amount,
    cast(coalesce(warehouse.amount, 0) as decimal(18, 2)) as warehouse_amount,
    cast(ledger.amount - coalesce(warehouse.amount, 0) as decimal(18, 2)) as difference
from {{ ref('stg_ledger_totals') }} as ledger
left join warehouse on ledger.period = warehouse.period and ledger.ledger_line = warehouse.ledger_line

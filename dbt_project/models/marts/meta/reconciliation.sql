-- Ruling F12: the warehouse's own total for each accounting month and line that the general ledger delivers.
with charges as (
    select
        issue_date,
        amount,
        charge_type,
        related_charge_id
    from {{ ref('stg_charges') }}
),

-- A cancellation belongs to the line of the charge that it cancels, in its own month.
cancellations as (
    select
        cancelling.issue_date,
        cancelling.amount,
        cancelled.charge_type
    from charges as cancelling
    inner join {{ ref('stg_charges') }} as cancelled on cancelling.related_charge_id = cancelled.charge_id
    where cancelling.charge_type = 'cancellation'
),

charged as (
    select
        issue_date,
        charge_type,
        amount
    from charges
    where charge_type <> 'cancellation'
    union all
    select
        issue_date,
        charge_type,
        amount
    from cancellations
),

charged_by_day as (
    select
        issue_date,
        charge_type,
        sum(amount) as amount
    from charged
    group by issue_date, charge_type
),

movements as (
    select
        issue_date as movement_date,
        case
            when charge_type in ('provisional', 'regularisation') then 'contributions_charged'
            when charge_type = 'company_contribution' then 'company_contributions_charged'
            else 'surcharges_charged'
        end as ledger_line,
        amount
    from charged_by_day
    union all
    select
        value_date as movement_date,
        'payments_received' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_payments') }}
    group by value_date
    union all
    select
        effective_date as movement_date,
        'relief_granted' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_relief_effects') }}
    group by effective_date
    union all
    select
        paid_date as movement_date,
        'benefits_paid' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_benefit_payments') }}
    where paid_date is not null
    group by paid_date
    union all
    select
        established_date as movement_date,
        'overpayments_established' as ledger_line,
        sum(amount) as amount
    from {{ ref('stg_benefit_overpayments') }}
    group by established_date
),

warehouse_totals as (
    select
        {{ month_text('movement_date') }} as period,
        ledger_line,
        sum(amount) as amount
    from movements
    group by {{ month_text('movement_date') }}, ledger_line
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

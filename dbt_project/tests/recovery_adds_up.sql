-- The recovery tables against the ledger: the claims of the cohorts are the claims of the ledger whose quarter is over;
-- the arrears at the as-of date are those of the ledger; each row of the roll rates sums to 1.
with daily_claims as (
    select
        due_date,
        sum(net_amount) as net_amount
    from {{ ref('fct_charges') }}
    where is_contribution(charge_type)
    group by due_date
),

claims as (
    select
        sum(net_amount) as ledger_amount,
        (
            select sum(cohorts.claimed_amount)
            from {{ ref('mart_arrears_cohorts') }} as cohorts
            where cohorts.quarters_since_due = 0 and not cohorts.is_projection
        ) as recovery_amount
    from daily_claims
    where quarter_end(due_date) <= as_of_date()
),

arrears as (
    select
        sum(outstanding_amount) as ledger_amount,
        (
            select sum(ageing.outstanding_amount)
            from {{ ref('mart_arrears_ageing') }} as ageing
            where ageing.reference_date = as_of_date()
        ) as recovery_amount
    from {{ ref('fct_charges') }}
    where outstanding_amount > 0 and due_date < as_of_date()
),

shares as (
    select
        sum(share_amount) as amount,
        sum(share_debtors) as debtors
    from {{ ref('mart_roll_rates') }}
    group by from_date, account_type, from_state
)

select
    'claims of the cohorts' as subject,
    ledger_amount,
    recovery_amount
from claims
where coalesce(ledger_amount, 0) <> coalesce(recovery_amount, 0)
union all
select
    'arrears at the as-of date' as subject,
    ledger_amount,
    recovery_amount
from arrears
where coalesce(ledger_amount, 0) <> coalesce(recovery_amount, 0)
union all
select
    'shares of a row of the roll rates' as subject,
    cast(amount as decimal(18, 2)) as ledger_amount,
    cast(debtors as decimal(18, 2)) as recovery_amount
from shares
where abs(amount - 1) > 1e-9 or abs(debtors - 1) > 1e-9

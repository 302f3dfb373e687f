-- How each contribution that is due ended, and how many days after it was due; `open` while it has not (then the days
-- up to the as-of date). Settled before it was due counts as day 0.
with irrecoverable as (
    select
        held.charge_id,
        min(coalesce(steps.step_date, cases.closed_date)) as end_date
    from {{ ref('int_recovery__case_charges') }} as held
    inner join {{ ref('stg_recovery_cases') }} as cases on held.case_id = cases.case_id
    left join {{ ref('fct_steps') }} as steps on cases.case_id = steps.case_id and steps.step_type = 'write_off'
    where
        steps.step_date is not null
        or (cases.closing_reason = 'irrecoverable' and cases.closed_date <= as_of_date())
    group by held.charge_id
),

prescribed as (
    select
        charge_id,
        prescription_date
    from {{ ref('fct_open_charges') }}
    where prescription_date <= as_of_date()
),

debts as (
    select
        charges.account_type,
        charges.nature,
        charges.due_date,
        case
            when charges.net_amount = 0 then 'relieved'
            -- Paid: at least half of what settled it was money.
            when charges.settled_date is not null and charges.collected_amount >= charges.credited_amount then 'paid'
            when charges.settled_date is not null then 'relieved'
            when irrecoverable.end_date < coalesce(prescribed.prescription_date, date '9999-12-31') then 'irrecoverable'
            when prescribed.prescription_date is not null then 'prescribed'
            else 'open'
        end as ending,
        coalesce(
            charges.settled_date, least(irrecoverable.end_date, prescribed.prescription_date), as_of_date()
        ) as end_date
    from {{ ref('fct_charges') }} as charges
    left join irrecoverable on charges.charge_id = irrecoverable.charge_id
    left join prescribed on charges.charge_id = prescribed.charge_id
    where charges.gross_amount > 0 and charges.due_date <= as_of_date() and is_contribution(charges.charge_type)
)

select
    account_type,
    nature,
    ending,
    cast(greatest(end_date - due_date, 0) as integer) as days_since_due,
    count(*) as charges
from debts
group by all

-- How each contribution ended, and how many days after it was due; `open` while it has not (then the days up to the
-- as-of date). Settled before it was due counts as day 0.
with irrecoverable as (
    select
        charges_held.charge_number,
        min(coalesce(steps.step_date, cases.closed_date)) as end_date
    from {{ ref('int_recovery__charges_held') }} as charges_held
    inner join {{ ref('stg_recovery_cases') }} as cases on charges_held.case_id = cases.case_id
    left join {{ ref('int_recovery__steps_dated') }} as steps
        on cases.case_id = steps.case_id and steps.step_type = 'write_off'
    where
        steps.step_date is not null
        or (cases.closing_reason = 'irrecoverable' and cases.closed_date <= {{ as_of_date() }})
    group by charges_held.charge_number
),

still_open as (
    select
        {{ account_type('charges.account_key') }} as account_type,
        charges.nature,
        charges.due_date,
        case
            when charges.net_amount = 0 then 'relieved'
            when irrecoverable.end_date < coalesce(prescribed.prescription_date, date '9999-12-31')
                then 'irrecoverable'
            when prescribed.prescription_date is not null then 'prescribed'
            else 'open'
        end as ending,
        coalesce(least(irrecoverable.end_date, prescribed.prescription_date), {{ as_of_date() }}) as end_date
    from {{ ref('fct_charges_ledger') }} as charges
    left join irrecoverable on charges.charge_number = irrecoverable.charge_number
    left join {{ ref('fct_open_charges') }} as prescribed
        on
            charges.charge_number = prescribed.charge_number
            and prescribed.prescription_date <= {{ as_of_date() }}
    where
        charges.settled_date is null
        and charges.gross_amount > 0
        and charges.due_date <= {{ as_of_date() }}
        and {{ is_contribution('charges.charge_type') }}
),

endings as (
    select
        account_type,
        nature,
        ending,
        days_since_due,
        charges
    from {{ ref('recovery_settled_cells') }}
    union all
    -- Settled before it was due: not among the debts until that day.
    select
        {{ account_type('account_key') }} as account_type,
        nature,
        {{ settled_ending() }} as ending,
        0 as days_since_due,
        -1 as charges
    from {{ ref('fct_charges_ledger') }}
    where
        settled_date is not null
        and due_date > {{ as_of_date() }}
        and gross_amount > 0
        and {{ is_contribution('charge_type') }}
    union all
    select
        account_type,
        nature,
        ending,
        cast(greatest(datediff('day', due_date, end_date), 0) as integer) as days_since_due,
        1 as charges
    from still_open
)

select
    account_type,
    nature,
    ending,
    days_since_due,
    sum(charges) as charges
from endings
group by account_type, nature, ending, days_since_due
having sum(charges) <> 0

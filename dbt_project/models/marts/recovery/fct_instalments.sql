-- C9. An instalment is judged five days after it was due; it is kept when the payments since the plan began
-- cover the instalments due by then.
with plans as (
    select
        plan_id,
        account_id,
        case when decision = 'granted' then decision_date end as start_date
    from {{ ref('stg_payment_plans') }}
),

instalments as (
    select
        plans.plan_id,
        plans.account_id,
        plans.start_date,
        instalments.instalment_no,
        instalments.due_date,
        instalments.amount,
        instalments.due_date + 5 as judged_date,
        sum(instalments.amount) over (
            partition by plans.plan_id order by instalments.due_date
        ) as due_so_far_amount
    from {{ ref('stg_plan_instalments') }} as instalments
    inner join plans on instalments.plan_id = plans.plan_id
),

received as (
    select
        instalments.plan_id,
        instalments.instalment_no,
        sum(payments.amount) as received_amount
    from instalments
    inner join {{ ref('stg_payments') }} as payments
        on
            instalments.account_id = payments.account_id
            and instalments.start_date <= payments.value_date
            and instalments.judged_date >= payments.value_date
    where payments.value_date <= as_of_date()
    group by instalments.plan_id, instalments.instalment_no
)

select
    instalments.plan_id,
    instalments.account_id,
    instalments.instalment_no,
    instalments.due_date,
    cast(instalments.amount as decimal(18, 2)) as instalment_amount,
    cast(instalments.due_so_far_amount as decimal(18, 2)) as due_so_far_amount,
    cast(coalesce(received.received_amount, 0) as decimal(18, 2)) as received_amount,
    case
        when instalments.start_date is not null and instalments.judged_date <= as_of_date()
            then coalesce(received.received_amount, 0) >= instalments.due_so_far_amount
    end as is_kept
from instalments
left join received
    on instalments.plan_id = received.plan_id and instalments.instalment_no = received.instalment_no

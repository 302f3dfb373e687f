-- Ruling C9. An instalment is judged five days after it was due; it is kept when the payments since the plan began cover
-- the instalments due by then.
with plans as (
    select
        plan_id,
        account_id,
        decision,
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
        {{ days_added('instalments.due_date', 5) }} as judged_date,
        sum(instalments.amount) over (
            partition by plans.plan_id order by instalments.due_date
        ) as due_so_far_amount
    from {{ ref('stg_plan_instalments') }} as instalments
    inner join plans on instalments.plan_id = plans.plan_id
),

judged as (
    select
        instalments.plan_id,
        instalments.instalment_no,
        instalments.judged_date,
        coalesce(sum(payments.amount), 0) >= instalments.due_so_far_amount as is_kept
    from instalments
    left join {{ ref('stg_payments') }} as payments
        on
            instalments.account_id = payments.account_id
            and payments.value_date >= instalments.start_date
            and payments.value_date <= instalments.judged_date
    where instalments.start_date is not null and instalments.judged_date <= {{ as_of_date() }}
    group by
        instalments.plan_id, instalments.instalment_no, instalments.judged_date, instalments.due_so_far_amount
),

counted as (
    select
        plan_id,
        count(*) as instalments_judged,
        count(*) filter (where is_kept) as instalments_kept,
        min(judged_date) filter (where not is_kept) as broken_date
    from judged
    group by plan_id
),

listed as (
    select
        plan_id,
        count(*) as instalments,
        sum(amount) as instalments_amount
    from {{ ref('stg_plan_instalments') }}
    group by plan_id
)

select
    plans.plan_id,
    plans.account_id,
    plans.start_date,
    cast(coalesce(listed.instalments, 0) as integer) as instalments,
    cast(coalesce(counted.instalments_judged, 0) as integer) as instalments_judged,
    cast(coalesce(counted.instalments_kept, 0) as integer) as instalments_kept,
    counted.broken_date,
    cast(100.0 * counted.instalments_kept / counted.instalments_judged as double) as kept_pct,
    case
        when plans.decision is null then 'pending'
        when plans.decision <> 'granted' then plans.decision
        when counted.broken_date is not null then 'broken'
        when counted.instalments_judged = listed.instalments then 'completed'
        else 'running'
    end as status,
    cast(coalesce(listed.instalments_amount, 0) as decimal(18, 2)) as instalments_amount
from plans
left join listed on plans.plan_id = listed.plan_id
left join counted on plans.plan_id = counted.plan_id

-- C9: what follows from the instalments (fct_instalments); the status is derived, not the one delivered.
with plans as (
    select
        plan_id,
        account_id,
        decision,
        case when decision = 'granted' then decision_date end as start_date
    from {{ ref('stg_payment_plans') }}
),

counted as (
    select
        plan_id,
        count(*) as instalments,
        sum(instalment_amount) as instalments_amount,
        count(is_kept) as instalments_judged,
        count(*) filter (where is_kept) as instalments_kept,
        min(due_date) filter (where not is_kept) as missed_due_date,
        arg_min(due_so_far_amount - received_amount, due_date) filter (where not is_kept) as missed_amount
    from {{ ref('fct_instalments') }}
    group by plan_id
)

select
    plans.plan_id,
    plans.account_id,
    plans.start_date,
    cast(coalesce(counted.instalments, 0) as integer) as instalments,
    cast(coalesce(counted.instalments_judged, 0) as integer) as instalments_judged,
    cast(coalesce(counted.instalments_kept, 0) as integer) as instalments_kept,
    counted.missed_due_date + 5 as broken_date,
    cast(100.0 * counted.instalments_kept / nullif(counted.instalments_judged, 0) as double) as kept_pct,
    case
        when plans.decision is null then 'pending'
        when plans.decision <> 'granted' then plans.decision
        when counted.missed_due_date is not null then 'broken'
        when counted.instalments_judged = counted.instalments then 'completed'
        else 'running'
    end as status,
    cast(coalesce(counted.instalments_amount, 0) as decimal(18, 2)) as instalments_amount,
    counted.missed_due_date,
    cast(counted.missed_amount as decimal(18, 2)) as missed_amount,
    assigned.office_code,
    assigned.agent_id
from plans
left join counted on plans.plan_id = counted.plan_id
left join {{ ref('int_recovery__accounts_assigned') }} as assigned on plans.account_id = assigned.account_id

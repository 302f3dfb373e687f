with points as (
    select
        max(value) filter (where name = 'euros_per_point') as euros_per_point,
        max(value) filter (where name = 'amount_points_at_most') as amount_points_at_most,
        max(value) filter (where name = 'urgency_points') as urgency_points,
        max(value) filter (where name = 'urgency_days') as urgency_days
    from {{ ref('worklist_points') }}
),

scored as (
    select
        named.*,
        coalesce(balances.outstanding_amount, 0) as outstanding_amount,
        cast(
            named.weight
            + least(
                coalesce(balances.outstanding_amount, 0) / points.euros_per_point, points.amount_points_at_most
            )
            + points.urgency_points * least(greatest(
                1 - datediff('day', as_of_date(), named.due_by) / points.urgency_days, 0
            ), 1)
            as decimal(9, 2)
        ) as score
    from {{ ref('int_recovery__accounts_named') }} as named
    cross join points
    left join {{ ref('fct_account_balances') }} as balances on named.account_id = balances.account_id
)

select
    account_id,
    reason,
    case_id,
    next_action,
    due_by,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    score,
    worklist_sentence(
        explanation_fr, euros_fr(event_amount), euros_fr(outstanding_amount), event_date, since_date, within_days
    ) as explanation_fr,
    worklist_sentence(
        explanation_nl, euros_nl(event_amount), euros_nl(outstanding_amount), event_date, since_date, within_days
    ) as explanation_nl
from scored

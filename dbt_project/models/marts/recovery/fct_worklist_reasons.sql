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
                1 - datediff('day', {{ as_of_date() }}, named.due_by) / points.urgency_days, 0
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
    {{ filled_in('explanation_fr', {
        'amount': euros_in_words('event_amount', 'fr'),
        'outstanding': euros_in_words('outstanding_amount', 'fr'),
        'date': day_in_words('event_date'),
        'days': 'cast(event_days as varchar)',
        'within': "coalesce(cast(within_days as varchar), '')",
    }) }} as explanation_fr,
    {{ filled_in('explanation_nl', {
        'amount': euros_in_words('event_amount', 'nl'),
        'outstanding': euros_in_words('outstanding_amount', 'nl'),
        'date': day_in_words('event_date'),
        'days': 'cast(event_days as varchar)',
        'within': "coalesce(cast(within_days as varchar), '')",
    }) }} as explanation_nl
from scored

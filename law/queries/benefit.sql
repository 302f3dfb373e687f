with most as (
    select
        questions.line,
        min(entitlements.value) as most_units
    from questions
    inner join {{ ref('law_entitlements') }} as entitlements
        on
            questions.benefit = entitlements.benefit
            and questions.unit || 's' = entitlements.unit
            and {{ is_in_force('entitlements', 'questions.date') }}
    group by questions.line
),

priced as (
    select
        questions.*,
        cast(amounts.value as decimal(14, 2)) as unit_amount,
        amounts.article,
        amounts.certainty,
        cast(reductions.value as decimal(5, 2)) as reduction_pct,
        reductions.article as reduction_article,
        reductions.certainty as reduction_certainty,
        cast(round(amounts.value * (1 - coalesce(reductions.value, 0) * 0.01), 2) as decimal(14, 2)) as reduced_amount,
        cast(case when questions.is_max then most.most_units else questions.units end as integer) as units_paid,
        entitlements.article as most_article,
        entitlements.certainty as most_certainty
    from questions
    left join {{ ref('law_benefit_amounts') }} as amounts
        on
            questions.benefit = amounts.benefit
            and questions.unit = amounts.benefit_unit
            and questions.variant = amounts.variant
            and {{ is_in_force('amounts', 'questions.date') }}
    left join {{ ref('law_benefit_reductions') }} as reductions
        on
            questions.resumption_month = reductions.resumption_month
            and {{ is_in_force('reductions', 'questions.date') }}
    left join most on questions.line = most.line
    left join lateral (
        select
            listed.article,
            listed.certainty
        from {{ ref('law_entitlements') }} as listed
        where
            questions.benefit = listed.benefit
            and questions.unit || 's' = listed.unit
            and most.most_units = listed.value
            and {{ is_in_force('listed', 'questions.date') }}
        limit 1
    ) as entitlements on true
)

select
    *,
    cast(units_paid * reduced_amount as decimal(18, 2)) as total
from priced

-- The amount in force of one unit, reduced in a month of resumption, times the units; `max`: the most the event allows.
with most as (
    select
        questions.line,
        min_by(entitlements, entitlements.value) as entitlement
    from questions
    inner join law_entitlements as entitlements
        on
            questions.benefit = entitlements.benefit
            and questions.unit || 's' = entitlements.unit
            and is_in_force(entitlements, questions.date)
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
        benefit_unit_amount(amounts.value, reductions.value) as reduced_amount,
        cast(case when questions.is_max then most.entitlement.value else questions.units end as integer) as units_paid,
        most.entitlement.article as most_article,
        most.entitlement.certainty as most_certainty
    from questions
    left join law_benefit_amounts as amounts
        on
            questions.benefit = amounts.benefit
            and questions.unit = amounts.benefit_unit
            and questions.variant = amounts.variant
            and is_in_force(amounts, questions.date)
    left join law_benefit_reductions as reductions
        on questions.resumption_month = reductions.resumption_month and is_in_force(reductions, questions.date)
    left join most on questions.line = most.line
)

select
    *,
    benefit_amount(units_paid, reduced_amount) as total
from priced

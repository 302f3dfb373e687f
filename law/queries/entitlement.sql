-- One row per question and listed entitlement; for the bridging right what is left of the career, the extra of quarters
-- built between two facts, and the most of one fact.
with listed as (
    select
        questions.line,
        entitlements.unit,
        entitlements.scope,
        cast(entitlements.value as integer) as value,
        entitlements.article,
        entitlements.certainty
    from questions
    left join law_entitlements as entitlements
        on questions.benefit = entitlements.benefit and is_in_force(entitlements, questions.date)
),

extras as (
    select
        questions.line,
        cast(extras.value as integer) as extra_months,
        extras.extra_quarters,
        extras.article,
        extras.certainty
    from questions
    inner join law_bridging_extras as extras
        on
            questions.quarters_between >= extras.quarters_from
            and (extras.quarters_to is null or questions.quarters_between <= extras.quarters_to)
            and is_in_force(extras, questions.date)
),

totals as (
    select
        line,
        max(case when scope = 'event' and unit in ('days', 'vouchers') then value end) as event_value,
        max(case when scope = 'event' and unit in ('days', 'vouchers') then unit end) as event_unit,
        max(case when scope = 'career' and unit = 'months' then value end) as career_months,
        max(case when scope = 'career' and unit = 'quarters' then value end) as career_quarters,
        max(case when scope = 'fact' and unit = 'months' then value end) as fact_months,
        max(case when scope = 'fact' and unit = 'quarters' then value end) as fact_quarters,
        max(article) as article,
        weakest(list(certainty)) as certainty
    from listed
    group by line
)

select
    questions.*,
    totals.* exclude (line),
    extras.extra_months,
    extras.extra_quarters,
    greatest(totals.career_months - coalesce(questions.months_used, 0), 0) as months_left,
    greatest(totals.career_quarters - coalesce(questions.quarters_used, 0), 0) as quarters_left,
    least(
        greatest(totals.career_months - coalesce(questions.months_used, 0), 0) + coalesce(extras.extra_months, 0),
        totals.fact_months
    ) as months,
    least(
        greatest(totals.career_quarters - coalesce(questions.quarters_used, 0), 0) + coalesce(extras.extra_quarters, 0),
        totals.fact_quarters
    ) as quarters,
    extras.article as extra_article,
    extras.certainty as extra_certainty
from questions
inner join totals on questions.line = totals.line
left join extras on questions.line = extras.line

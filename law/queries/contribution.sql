-- One row per question and quarter asked for; a year is the sum of its rounded quarters.
with asked as (
    select
        *,
        unnest(quarters_asked) as contribution_quarter,
        unnest(range(len(quarters_asked))) as place
    from questions
),

-- Does the rule change within the year? Then a question that names no quarter has no answer.
changes as (
    select
        contribution_year,
        category,
        pension,
        is_primo,
        count(distinct (
            floor_amount, nothing_below_amount, free_up_to_amount, as_main_from_amount, starter_amount,
            quarter_rate_1, quarter_rate_2
        )) > 1 as has_two_rules,
        count(distinct coalesce(discount_amount, 0)) > 1 as has_two_discounts
    from int_law__contribution_rules
    group by contribution_year, category, pension, is_primo
),

based as (
    select
        asked.*,
        rules.* exclude (contribution_year, contribution_quarter, category, pension, is_primo),
        rules.category is not null as is_known,
        not asked.is_quarter_given
        and (changes.has_two_rules or (asked.is_first_primo and changes.has_two_discounts)) as needs_quarter,
        cast(revaluations.value as decimal(10, 8)) as coefficient,
        asked.year - revaluations.years_back as reference_year,
        revaluations.article as revaluation_article,
        revaluations.certainty as revaluation_certainty,
        estimates.rule as estimate_rule,
        estimates.article as estimate_article,
        estimates.certainty as estimate_certainty,
        steps.threshold_key as step_key,
        steps.threshold_amount as step_amount,
        steps.certainty as step_certainty,
        case asked.basis_kind
            when 'income' then annualised_income(asked.amount, asked.quarters)
            when 'reference_income' then revalued_income(asked.amount, revaluations.value)
            when 'starter' then rules.starter_amount
            else asked.amount
        end as basis
    from asked
    left join int_law__contribution_rules as rules
        on
            asked.year = rules.contribution_year
            and asked.contribution_quarter = rules.contribution_quarter
            and asked.category = rules.category
            and asked.pension is not distinct from rules.pension
            and asked.is_primo = rules.is_primo
    left join changes
        on
            asked.year = changes.contribution_year
            and asked.category = changes.category
            and asked.pension is not distinct from changes.pension
            and asked.is_primo = changes.is_primo
    left join law_revaluations as revaluations
        on
            asked.basis_kind = 'reference_income'
            and is_in_force(revaluations, year_start(asked.year))
    left join law_estimate_rules as estimates
        on
            asked.basis_kind = 'estimate'
            and asked.is_primo = estimates.is_primo
            and estimates.step = 1
            and is_in_force(estimates, quarter_index_start(asked.year * 4 + asked.contribution_quarter - 1))
    left join lateral (
        select
            thresholds.threshold_key,
            thresholds.threshold_amount,
            thresholds.certainty
        from law_estimate_rules as ladder
        inner join int_law__thresholds as thresholds on ladder.threshold_key = thresholds.threshold_key
        where
            estimates.rule = 'steps'
            and ladder.rule = 'steps'
            and ladder.is_primo = asked.is_primo
            and thresholds.contribution_year = asked.year
            and thresholds.threshold_amount >= asked.amount
        order by ladder.step
        limit 1
    ) as steps on true
),

charged as (
    select
        *,
        assessed_income(coalesce(step_amount, basis), based, basis_kind = 'starter') as assessed,
        primo_discount(coalesce(step_amount, basis), based, is_first_primo) as discount,
        quarterly_contribution(
            coalesce(step_amount, basis), based,
            is_first_primo := is_first_primo, is_starter := basis_kind = 'starter'
        ) as contribution
    from based
),

bands as (
    select
        *,
        contribution_of_bands(assessed, charged) as contribution_before_discount,
        management_fee(contribution, fee_pct) as fee
    from charged
)

select
    *,
    (select article from law_principles where principle = 'annualisation') as annualisation_article,
    (select article from law_principles where principle = 'regularisation') as regularisation_article,
    (select article from law_principles where principle = 'management_fee') as fee_article,
    sum(contribution) over (partition by line) as contribution_asked,
    sum(fee) over (partition by line) as fee_asked,
    sum(contribution + fee) over (partition by line) as total_asked,
    sum(contribution + fee) over (partition by line) - provisional as difference
from bands
order by line, place

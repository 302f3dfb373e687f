{%- set is_begun = 'contribution_year * 4 + contribution_quarter - 1 <= ' ~ quarter_index(as_of_date()) -%}
-- Provisional charges that are not the legal amount of their quarter, and the reason where figures bear it. A quarter
-- that has not begun has no legal amount yet (B5, B12).
with assessed as (
    select * from {{ ref('fct_quarters_assessed') }}
    where {{ only_reassessed_keys('account_key') }} and {{ in_slice('account_key') }} and {{ is_begun }}
),

compared as (
    select
        charges.charge_number,
        charges.account_key,
        charges.claim_code,
        charges.category,
        charges.gross_amount,
        charges.cancelled_amount,
        charges.issue_date,
        charges.contribution_year,
        charges.contribution_quarter,
        charges.is_begun,
        assessed.account_key is not null as is_liable,
        assessed.is_ruled,
        assessed.category as legal_category,
        assessed.primo_quarter,
        assessed.has_reference_year,
        assessed.provisional_basis,
        assessed.expected_provisional as expected_amount
    from (
        select *, {{ is_begun }} as is_begun
        from {{ ref('int_contribution__charges_reassessed') }}
    ) as charges
    left join assessed
        on
            charges.account_key = assessed.account_key
            and charges.contribution_year = assessed.contribution_year
            and charges.contribution_quarter = assessed.contribution_quarter
    where charges.charge_type = 'provisional'
),

differing as (
    select *
    from compared
    where expected_amount is null or gross_amount <> expected_amount
),

-- What the law would ask in the category of the charge: a later change of category explains what it equals.
as_charged as (
    select
        differing.charge_number,
        {{ quarterly_contribution(
            'coalesce(case when differing.has_reference_year then differing.provisional_basis end, rules.starter_amount)',
            'rules', 'coalesce(differing.primo_quarter = 1, false) and rules.is_primo', 'not differing.has_reference_year'
        ) }} as amount_in_category,
        {{ quarterly_contribution(
            'rules.starter_amount', 'rules', 'coalesce(differing.primo_quarter = 1, false) and rules.is_primo', 'true'
        ) }} as starter_amount
    from differing
    inner join {{ ref('int_law__contribution_rules') }} as rules
        on
            differing.contribution_year = rules.contribution_year
            and differing.contribution_quarter = rules.contribution_quarter
            and differing.category = rules.category
            and coalesce(rules.pension, 'paid') = 'paid'
            and (differing.category = 'main' and differing.primo_quarter is not null) = rules.is_primo
    where rules.income_of = 'own' and differing.expected_amount is not null
),

reductions as (
    select
        {{ account_key('account_id') }} as account_key,
        {{ quarter_text_index('from_quarter') }} as first_quarter,
        {{ quarter_text_index('to_quarter') }} as last_quarter
    from {{ ref('stg_relief_requests') }}
    where
        kind = 'reduction'
        and decision in ('granted', 'partial')
        and {{ only_reassessed('account_id') }}
        and {{ in_slice_of_ids('account_id') }}
),

reduced as (
    select distinct differing.charge_number
    from differing
    inner join reductions
        on
            differing.account_key = reductions.account_key
            and differing.contribution_year * 4 + differing.contribution_quarter - 1 >= reductions.first_quarter
            and differing.contribution_year * 4 + differing.contribution_quarter - 1
            <= coalesce(reductions.last_quarter, differing.contribution_year * 4 + 3)
),

-- The income of the reference year came after the notice: until then the starter's floor was all there was.
late_incomes as (
    select
        {{ account_key('incomes.affiliate_id') }} as account_key,
        incomes.income_year + revaluations.years_back as contribution_year,
        incomes.received_date
    from {{ ref('stg_incomes') }} as incomes
    inner join {{ ref('law_revaluations') }} as revaluations
        on incomes.income_year + revaluations.years_back = extract(year from revaluations.valid_from)
    where {{ only_reassessed('incomes.affiliate_id') }} and {{ in_slice_of_ids('incomes.affiliate_id') }}
)

select
    differing.charge_number,
    differing.account_key,
    differing.claim_code,
    differing.issue_date,
    differing.gross_amount,
    differing.expected_amount,
    case
        when not differing.is_begun then 'quarter_not_begun'
        when not differing.is_liable and unassessed.account_key is null then 'not_liable'
        when coalesce(differing.legal_category, unassessed.category) = 'spouse_mini' then 'helped_income_missing'
        when differing.expected_amount is null then 'no_parameters'
        when differing.cancelled_amount >= differing.gross_amount then 'later_correction'
        when
            reduced.charge_number is not null
            and differing.gross_amount < differing.expected_amount
            and differing.gross_amount >= as_charged.starter_amount then 'reduction_granted'
        when
            differing.category <> differing.legal_category
            and differing.gross_amount = as_charged.amount_in_category then 'category_changed'
        when
            late_incomes.received_date > differing.issue_date
            and differing.gross_amount = as_charged.starter_amount then 'income_missing'
        else 'unexplained'
    end as difference_reason
from differing
left join {{ ref('int_contribution__quarters_unassessed') }} as unassessed
    on
        differing.account_key = unassessed.account_key
        and differing.contribution_year = unassessed.contribution_year
        and differing.contribution_quarter = unassessed.contribution_quarter
left join as_charged on differing.charge_number = as_charged.charge_number
left join reduced on differing.charge_number = reduced.charge_number
left join late_incomes
    on
        differing.account_key = late_incomes.account_key
        and differing.contribution_year = late_incomes.contribution_year

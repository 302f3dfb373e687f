-- B12: a provisional charge is compared with the legal amount of its quarter; where they differ, the reason that the
-- figures bear. A quarter that has not begun has no legal amount yet (B5).
with charges as (
    select
        *,
        contribution_year * 4 + contribution_quarter - 1 as quarter_number
    from {{ ref('int_ledger__charges_netted') }}
    where charge_type = 'provisional' and in_slice(account_id)
),

quarters as (
    select * from {{ ref('int_law__quarters_assessed') }}
    where in_slice(affiliate_id)
),

compared as (
    select
        charges.charge_id,
        charges.account_id,
        charges.contribution_year,
        charges.contribution_quarter,
        charges.quarter_number,
        charges.category,
        charges.issue_date,
        charges.gross_amount,
        charges.cancelled_amount,
        charges.quarter_number <= quarter_index(as_of_date()) as is_begun,
        quarters.affiliate_id is not null as is_liable,
        quarters.category as legal_category,
        quarters.primo_quarter,
        quarters.has_reference_year,
        quarters.provisional_basis,
        case when charges.quarter_number <= quarter_index(as_of_date()) then quarters.expected_provisional end
            as expected_amount
    from charges
    left join quarters
        on
            charges.account_id = quarters.affiliate_id
            and charges.contribution_year = quarters.contribution_year
            and charges.contribution_quarter = quarters.contribution_quarter
),

differing as (
    select * from compared
    where gross_amount <> expected_amount
),

-- What the law would ask in the category of the charge: a later change of category explains what it equals.
as_charged as (
    select
        differing.charge_id,
        rules.starter_amount as starter_basis,
        quarterly_contribution(
            case when differing.has_reference_year then differing.provisional_basis else rules.starter_amount end,
            rules,
            is_first_primo := rules.is_primo and differing.primo_quarter = 1,
            is_starter := not differing.has_reference_year
        ) as amount_in_category,
        quarterly_contribution(
            rules.starter_amount, rules,
            is_first_primo := rules.is_primo and differing.primo_quarter = 1, is_starter := true
        ) as starter_amount
    from differing
    inner join {{ ref('int_law__contribution_rules') }} as rules
        on
            differing.contribution_year = rules.contribution_year
            and differing.contribution_quarter = rules.contribution_quarter
            and differing.category = rules.category
            and (differing.category = 'main' and differing.primo_quarter is not null) = rules.is_primo
            and coalesce(rules.pension, 'paid') = 'paid'
            and rules.income_of = 'own'
),

reduced as (
    select distinct differing.charge_id
    from differing
    inner join {{ ref('stg_relief_requests') }} as requests
        on
            differing.account_id = requests.account_id
            and requests.kind = 'reduction'
            and requests.decision in ('granted', 'partial')
            and differing.quarter_number between quarter_text_index(requests.from_quarter)
            and coalesce(quarter_text_index(requests.to_quarter), differing.contribution_year * 4 + 3)
),

-- The income of the reference year came after the notice: until then the starter's floor was all there was.
surprised as (
    select distinct differing.charge_id
    from differing
    inner join {{ ref('law_revaluations') }} as revaluations
        on differing.contribution_year = year(revaluations.valid_from)
    inner join {{ ref('stg_incomes') }} as incomes
        on
            differing.account_id = incomes.affiliate_id
            and differing.contribution_year - revaluations.years_back = incomes.income_year
            and differing.issue_date < incomes.received_date
)

select
    compared.charge_id,
    compared.expected_amount,
    case
        when not compared.is_begun then 'quarter_not_begun'
        when not compared.is_liable then 'not_liable'
        when compared.legal_category = 'spouse_mini' then 'helped_income_missing'
        when compared.expected_amount is null then 'no_parameters'
        when compared.gross_amount = compared.expected_amount then null
        when compared.cancelled_amount >= compared.gross_amount then 'later_correction'
        when
            reduced.charge_id is not null
            and compared.gross_amount < compared.expected_amount
            and compared.gross_amount >= as_charged.starter_amount then 'reduction_granted'
        when
            compared.category <> compared.legal_category
            and compared.gross_amount = as_charged.amount_in_category then 'category_changed'
        when
            surprised.charge_id is not null
            and compared.gross_amount = as_charged.starter_amount then 'income_missing'
        else 'unexplained'
    end as difference_reason
from compared
left join as_charged on compared.charge_id = as_charged.charge_id
left join reduced on compared.charge_id = reduced.charge_id
left join surprised on compared.charge_id = surprised.charge_id

-- Ruling B12: final amount of the year, less its provisional charges net of cancellations, less the regularisations
-- that came before. Relief is not taken off. Those that are this amount are left out.
with settled_years as (
    select distinct
        account_key,
        contribution_year
    from {{ ref('int_contribution__charges_reassessed') }}
    where charge_type = 'regularisation'
),

quarters as (
    select
        account_key,
        contribution_year,
        quarters_liable,
        category,
        expected_final
    from {{ ref('fct_quarters_assessed') }}
    where {{ only_reassessed_keys('account_key') }} and {{ in_slice('account_key') }}
    union all
    select
        account_key,
        contribution_year,
        quarters_liable,
        category,
        null as expected_final
    from {{ ref('int_contribution__quarters_unassessed') }}
),

finals as (
    select
        quarters.account_key,
        quarters.contribution_year,
        sum(quarters.expected_final) as final_amount,
        count(quarters.expected_final) = max(quarters.quarters_liable) as is_whole,
        bool_or(quarters.category = 'spouse_mini') as has_mini
    from quarters
    inner join settled_years
        on
            quarters.account_key = settled_years.account_key
            and quarters.contribution_year = settled_years.contribution_year
    group by quarters.account_key, quarters.contribution_year
),

provisionals as (
    select
        charges.account_key,
        charges.contribution_year,
        sum(charges.gross_amount - charges.cancelled_amount) as provisional_amount
    from {{ ref('int_contribution__charges_reassessed') }} as charges
    inner join settled_years
        on
            charges.account_key = settled_years.account_key
            and charges.contribution_year = settled_years.contribution_year
    where charges.charge_type = 'provisional'
    group by charges.account_key, charges.contribution_year
),

regularisations as (
    select
        *,
        gross_amount - cancelled_amount as kept_amount,
        coalesce(sum(gross_amount - cancelled_amount) over (
            partition by account_key, contribution_year
            order by issue_date, charge_number
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_amount,
        sum(gross_amount - cancelled_amount) over (partition by account_key, contribution_year) as settled_amount,
        row_number() over (
            partition by account_key, contribution_year
            order by issue_date desc, charge_number desc
        ) = 1 as is_last
    from {{ ref('int_contribution__charges_reassessed') }}
    where charge_type = 'regularisation'
),

known as (
    select min(contribution_year) as first_year
    from {{ ref('int_law__thresholds') }}
),

compared as (
    select
        regularisations.*,
        known.first_year,
        finals.account_key is not null as is_liable,
        coalesce(finals.has_mini, false) as has_mini,
        case
            when finals.is_whole then finals.final_amount - coalesce(provisionals.provisional_amount, 0)
        end as due_amount
    from regularisations
    cross join known
    left join finals
        on
            regularisations.account_key = finals.account_key
            and regularisations.contribution_year = finals.contribution_year
    left join provisionals
        on
            regularisations.account_key = provisionals.account_key
            and regularisations.contribution_year = provisionals.contribution_year
)

select
    charge_number,
    account_key,
    claim_code,
    issue_date,
    gross_amount,
    due_amount - earlier_amount as expected_amount,
    case
        when not is_liable then 'not_liable'
        when has_mini then 'helped_income_missing'
        when contribution_year < first_year then 'no_parameters'
        when due_amount is null then 'income_missing'
        when cancelled_amount >= abs(gross_amount) then 'later_correction'
        -- What came after it set the year right to the cent.
        when not is_last and settled_amount = due_amount then 'later_correction'
        else 'unexplained'
    end as difference_reason
from compared
where due_amount is null or gross_amount <> due_amount - earlier_amount

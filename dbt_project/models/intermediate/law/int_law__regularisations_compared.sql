-- B12: the amount of a regularisation is the final amount of the year, less its provisional charges net of
-- cancellations (relief is not taken off), less the regularisations that came before.
with charges as (
    select
        *,
        gross_amount - cancelled_amount as kept_amount
    from {{ ref('int_ledger__charges_netted') }}
    where charge_type in ('provisional', 'regularisation') and in_slice(account_id)
),

regularisations as (
    select
        *,
        coalesce(sum(kept_amount) over (
            partition by account_id, contribution_year
            order by issue_date, charge_id
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_amount,
        sum(kept_amount) over (partition by account_id, contribution_year) as settled_amount,
        row_number() over (
            partition by account_id, contribution_year
            order by issue_date desc, charge_id desc
        ) = 1 as is_last
    from charges
    where charge_type = 'regularisation'
),

provisionals as (
    select
        account_id,
        contribution_year,
        sum(kept_amount) as provisional_amount
    from charges
    where charge_type = 'provisional'
    group by account_id, contribution_year
),

-- B10: the year is the sum of its rounded quarters, when all of them have an amount.
finals as (
    select
        affiliate_id,
        contribution_year,
        sum(expected_final) as final_amount,
        count(expected_final) = count(*) as is_whole,
        bool_or(category = 'spouse_mini') as has_mini
    from {{ ref('int_law__quarters_assessed') }}
    where in_slice(affiliate_id)
    group by affiliate_id, contribution_year
),

known as (
    select min(contribution_year) as first_year
    from {{ ref('int_law__thresholds') }}
),

compared as (
    select
        regularisations.*,
        finals.affiliate_id is not null as is_liable,
        coalesce(finals.has_mini, false) as has_mini,
        regularisations.contribution_year < known.first_year as is_before_parameters,
        case when finals.is_whole then finals.final_amount - coalesce(provisionals.provisional_amount, 0) end
            as due_amount
    from regularisations
    cross join known
    left join finals
        on
            regularisations.account_id = finals.affiliate_id
            and regularisations.contribution_year = finals.contribution_year
    left join provisionals
        on
            regularisations.account_id = provisionals.account_id
            and regularisations.contribution_year = provisionals.contribution_year
)

select
    charge_id,
    due_amount - earlier_amount as expected_amount,
    case
        when gross_amount = due_amount - earlier_amount then null
        when not is_liable then 'not_liable'
        when has_mini then 'helped_income_missing'
        when is_before_parameters then 'no_parameters'
        when due_amount is null then 'income_missing'
        when cancelled_amount >= abs(gross_amount) then 'later_correction'
        -- What came after it set the year right to the cent.
        when not is_last and settled_amount = due_amount then 'later_correction'
        else 'unexplained'
    end as difference_reason
from compared

-- Ruling B13: small or large by the balance of the year so many years back. What is the legal amount is left out.
with balances as (
    select
        {{ account_key('company_id') }} as account_key,
        fiscal_year,
        balance_sheet_total
    from {{ ref('stg_company_balances') }}
    where {{ only_reassessed('company_id') }} and {{ in_slice_of_ids('company_id') }}
),

sized as (
    select
        charges.charge_number,
        charges.account_key,
        charges.claim_code,
        charges.issue_date,
        charges.contribution_year,
        charges.gross_amount,
        charges.cancelled_amount,
        thresholds.value is not null as is_ruled,
        {{ company_size('thresholds', 'charges.contribution_year', 'balances.balance_sheet_total') }} as size_class
    from {{ ref('int_contribution__charges_reassessed') }} as charges
    left join {{ ref('law_company_thresholds') }} as thresholds
        on charges.contribution_year = extract(year from thresholds.valid_from)
    left join balances
        on
            charges.account_key = balances.account_key
            and charges.contribution_year - thresholds.balance_years_back = balances.fiscal_year
    where charges.charge_type = 'company_contribution'
),

compared as (
    select
        sized.*,
        cast(amounts.value as decimal(18, 2)) as expected_amount
    from sized
    left join {{ ref('law_company_amounts') }} as amounts
        on
            sized.is_ruled
            and sized.size_class = amounts.size_class
            and {{ is_in_force('amounts', year_start('sized.contribution_year')) }}
)

select
    charge_number,
    account_key,
    claim_code,
    issue_date,
    gross_amount,
    expected_amount,
    case
        when expected_amount is null then 'no_parameters'
        when cancelled_amount >= gross_amount then 'later_correction'
        else 'unexplained'
    end as difference_reason
from compared
where expected_amount is null or gross_amount <> expected_amount

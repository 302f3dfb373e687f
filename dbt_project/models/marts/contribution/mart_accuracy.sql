-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
with compared as (
    select
        account_type,
        charge_type,
        contribution_year,
        nature,
        issue_date,
        gross_amount,
        expected_amount,
        difference_amount,
        difference_reason
    from {{ ref('fct_charges') }}
    where is_contribution(charge_type)
    union all
    select
        account_type(surcharges.account_id) as account_type,
        surcharges.charge_type,
        surcharges.contribution_year,
        surcharges.nature,
        charges.issue_date,
        surcharges.gross_amount,
        surcharges.expected_amount,
        surcharges.difference_amount,
        surcharges.difference_reason
    from {{ ref('fct_expected_surcharges') }} as surcharges
    inner join {{ ref('fct_charges') }} as charges on surcharges.charge_id = charges.charge_id
)

select
    account_type,
    charge_type,
    contribution_year,
    nature,
    coalesce(difference_reason, 'none') as difference_reason,
    expected_amount is not null as has_expected_amount,
    -- A year is claimed over several: only what had been issued a year before is as old then as the year after is now.
    issue_date <= years_added(as_of_date(), -1) as is_issued_year_earlier,
    count(*) as charges,
    cast(sum(gross_amount) as decimal(18, 2)) as gross_amount,
    cast(coalesce(sum(difference_amount), 0) as decimal(18, 2)) as difference_amount,
    cast(coalesce(sum(abs(difference_amount)), 0) as decimal(18, 2)) as absolute_difference_amount
from compared
group by all

-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
with compared as (
    select
        account_type,
        charge_type,
        contribution_year,
        nature,
        gross_amount,
        expected_amount,
        difference_amount,
        difference_reason
    from {{ ref('fct_charges') }}
    where is_contribution(charge_type)
    union all
    select
        account_type(account_id) as account_type,
        charge_type,
        contribution_year,
        nature,
        gross_amount,
        expected_amount,
        difference_amount,
        difference_reason
    from {{ ref('fct_expected_surcharges') }}
    where charge_id is not null
)

select
    account_type,
    charge_type,
    contribution_year,
    nature,
    coalesce(difference_reason, 'none') as difference_reason,
    expected_amount is not null as has_expected_amount,
    count(*) as charges,
    cast(sum(gross_amount) as decimal(18, 2)) as gross_amount,
    cast(coalesce(sum(difference_amount), 0) as decimal(18, 2)) as difference_amount,
    cast(coalesce(sum(abs(difference_amount)), 0) as decimal(18, 2)) as absolute_difference_amount
from compared
group by all

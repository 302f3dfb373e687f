-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
-- Surcharges have a legal amount of their own.
with compared as (
    select
        charges.account_type,
        charges.charge_type,
        charges.contribution_year,
        charges.nature,
        charges.gross_amount,
        coalesce(surcharges.expected_amount, charges.expected_amount) as expected_amount,
        coalesce(surcharges.difference_amount, charges.difference_amount) as difference_amount,
        coalesce(surcharges.difference_reason, charges.difference_reason) as difference_reason
    from {{ ref('fct_charges') }} as charges
    left join {{ ref('fct_expected_surcharges') }} as surcharges on charges.charge_id = surcharges.charge_id
    where is_contribution(charges.charge_type) or surcharges.charge_id is not null
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

-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
with judged as (
    select
        ledger.account_type,
        ledger.charge_type,
        ledger.contribution_year,
        ledger.nature,
        expected.difference_reason,
        expected.expected_amount is not null as has_expected_amount,
        ledger.gross_amount,
        ledger.gross_amount - expected.expected_amount as difference_amount
    from {{ ref('fct_charges_ledger') }} as ledger
    inner join {{ ref('fct_charges_expected') }} as expected on ledger.charge_id = expected.charge_id
    union all
    select
        ledger.account_type,
        ledger.charge_type,
        ledger.contribution_year,
        ledger.nature,
        expected.difference_reason,
        expected.expected_amount is not null as has_expected_amount,
        ledger.gross_amount,
        expected.difference_amount
    from {{ ref('fct_charges_ledger') }} as ledger
    inner join {{ ref('fct_expected_surcharges') }} as expected on ledger.charge_id = expected.charge_id
)

select
    account_type,
    charge_type,
    contribution_year,
    nature,
    coalesce(difference_reason, 'none') as difference_reason,
    has_expected_amount,
    cast(count(*) as bigint) as charges,
    cast(sum(gross_amount) as decimal(18, 2)) as gross_amount,
    cast(coalesce(sum(difference_amount), 0) as decimal(18, 2)) as difference_amount,
    cast(coalesce(sum(abs(difference_amount)), 0) as decimal(18, 2)) as absolute_difference_amount
from judged
group by account_type, charge_type, contribution_year, nature, difference_reason, has_expected_amount

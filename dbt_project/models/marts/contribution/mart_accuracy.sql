-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
-- Nearly all charges equal their legal amount and are in the ledger alone: they are all that could be compared, less
-- those that differ.
with charges as (
    select
        claim_code,
        account_key,
        gross_amount,
        1 as charges,
        cast(null as varchar) as difference_reason,
        true as has_expected_amount,
        cast(0 as decimal(18, 2)) as difference_amount
    from {{ ref('fct_charges_ledger') }}
    where {{ has_legal_amount('charge_type') }}
    union all
    select
        claim_code,
        account_key,
        -gross_amount as gross_amount,
        -1 as charges,
        null as difference_reason,
        true as has_expected_amount,
        0 as difference_amount
    from {{ ref('fct_charges_differing') }}
    union all
    select
        claim_code,
        account_key,
        gross_amount,
        1 as charges,
        difference_reason,
        expected_amount is not null as has_expected_amount,
        difference_amount
    from {{ ref('fct_charges_differing') }}
),

compared as (
    select
        {{ claim_type_rank('claim_code') }} as claim_rank,
        {{ claim_contribution_year('claim_code') }} as contribution_year,
        {{ claim_nature_rank('claim_code') }} as nature_rank,
        difference_reason,
        has_expected_amount,
        account_key < {{ first_company_key() }} as is_affiliate,
        sum(charges) as charges,
        sum(gross_amount) as gross_amount,
        sum(difference_amount) as difference_amount,
        sum(abs(difference_amount)) as absolute_difference_amount
    from charges
    group by all
    having sum(charges) > 0
),

judged as (
    select
        case when compared.is_affiliate then 'affiliate' else 'company' end as account_type,
        claim_types.charge_type,
        compared.contribution_year,
        natures.nature,
        compared.difference_reason,
        compared.has_expected_amount,
        compared.charges,
        compared.gross_amount,
        compared.difference_amount,
        compared.absolute_difference_amount
    from compared
    inner join {{ ref('claim_types') }} as claim_types on compared.claim_rank = claim_types.rank
    inner join {{ ref('natures') }} as natures on compared.nature_rank = natures.rank
    union all
    select
        ledger.account_type,
        ledger.charge_type,
        ledger.contribution_year,
        ledger.nature,
        expected.difference_reason,
        expected.expected_amount is not null as has_expected_amount,
        1 as charges,
        ledger.gross_amount,
        expected.difference_amount,
        abs(expected.difference_amount) as absolute_difference_amount
    from {{ ref('fct_charges_ledger') }} as ledger
    inner join {{ ref('fct_expected_surcharges') }} as expected
        on ledger.charge_number = cast({{ id_number('expected.charge_id') }} as bigint)
)

select
    account_type,
    charge_type,
    contribution_year,
    nature,
    coalesce(difference_reason, 'none') as difference_reason,
    has_expected_amount,
    cast(sum(charges) as bigint) as charges,
    cast(sum(gross_amount) as decimal(18, 2)) as gross_amount,
    cast(coalesce(sum(difference_amount), 0) as decimal(18, 2)) as difference_amount,
    cast(coalesce(sum(absolute_difference_amount), 0) as decimal(18, 2)) as absolute_difference_amount
from judged
group by account_type, charge_type, contribution_year, nature, difference_reason, has_expected_amount

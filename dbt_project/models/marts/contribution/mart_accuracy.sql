-- What is correct is counted too: a share needs both. Charges without a legal amount stand apart, with the reason why.
-- Nearly all charges equal their legal amount and are in the ledger alone: they are all that could be compared, less
-- those that differ.
with charges as (
    select
        claim_rank,
        contribution_year,
        nature_rank,
        is_company,
        cast(null as varchar) as difference_reason,
        true as has_expected_amount,
        charges,
        gross_amount,
        cast(0 as decimal(18, 2)) as difference_amount
    from {{ ref('charges_comparable') }}
    union all
    select
        {{ claim_type_rank('claim_code') }} as claim_rank,
        {{ claim_contribution_year('claim_code') }} as contribution_year,
        {{ claim_nature_rank('claim_code') }} as nature_rank,
        account_key >= {{ first_company_key() }} as is_company,
        null as difference_reason,
        true as has_expected_amount,
        -1 as charges,
        -gross_amount as gross_amount,
        0 as difference_amount
    from {{ ref('fct_charges_differing') }}
    union all
    select
        {{ claim_type_rank('claim_code') }} as claim_rank,
        {{ claim_contribution_year('claim_code') }} as contribution_year,
        {{ claim_nature_rank('claim_code') }} as nature_rank,
        account_key >= {{ first_company_key() }} as is_company,
        difference_reason,
        expected_amount is not null as has_expected_amount,
        1 as charges,
        gross_amount,
        difference_amount
    from {{ ref('fct_charges_differing') }}
),

compared as (
    select
        claim_rank,
        contribution_year,
        nature_rank,
        is_company,
        difference_reason,
        has_expected_amount,
        sum(charges) as charges,
        sum(gross_amount) as gross_amount,
        sum(difference_amount) as difference_amount,
        sum(abs(difference_amount)) as absolute_difference_amount
    from charges
    group by claim_rank, contribution_year, nature_rank, is_company, difference_reason, has_expected_amount
    having sum(charges) > 0
),

judged as (
    select
        case when compared.is_company then 'company' else 'affiliate' end as account_type,
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
        {{ account_type('surcharges.account_key') }} as account_type,
        surcharges.charge_type,
        {{ claim_contribution_year('surcharges.claim_code') }} as contribution_year,
        natures.nature,
        surcharges.difference_reason,
        surcharges.expected_amount is not null as has_expected_amount,
        1 as charges,
        surcharges.gross_amount,
        surcharges.gross_amount - surcharges.expected_amount as difference_amount,
        abs(surcharges.gross_amount - surcharges.expected_amount) as absolute_difference_amount
    from {{ ref('surcharges_claimed') }} as surcharges
    inner join {{ ref('natures') }} as natures on {{ claim_nature_rank('surcharges.claim_code') }} = natures.rank
)

select
    account_type,
    charge_type,
    cast(contribution_year as integer) as contribution_year,
    nature,
    coalesce(difference_reason, 'none') as difference_reason,
    has_expected_amount,
    cast(sum(charges) as bigint) as charges,
    cast(sum(gross_amount) as decimal(18, 2)) as gross_amount,
    cast(coalesce(sum(difference_amount), 0) as decimal(18, 2)) as difference_amount,
    cast(coalesce(sum(absolute_difference_amount), 0) as decimal(18, 2)) as absolute_difference_amount
from judged
group by account_type, charge_type, contribution_year, nature, difference_reason, has_expected_amount

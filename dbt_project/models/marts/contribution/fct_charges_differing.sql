{{ config(
    materialized='sliced',
    is_ledger=true,
    touched='int_contribution__accounts_reassessed',
    touched_by='account_key'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}
-- depends_on: {{ ref('int_contribution__account_slices') }}
-- Of 100 charges 99 equal the law: those are not repeated here, what is not here equals it.
with differing as (
    select * from {{ ref('int_contribution__provisionals_differing') }}
    union all
    select * from {{ ref('int_contribution__regularisations_differing') }}
    union all
    select * from {{ ref('int_contribution__companies_differing') }}
)

select
    cast(charge_number as bigint) as charge_number,
    account_key,
    claim_code,
    issue_date,
    gross_amount,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    cast(gross_amount - expected_amount as decimal(18, 2)) as difference_amount,
    difference_reason
from differing

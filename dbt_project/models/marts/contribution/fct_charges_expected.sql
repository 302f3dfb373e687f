{{ config(
    materialized='incremental',
    incremental_strategy='replace_touched',
    on_schema_change='fail',
    touched='int_contribution__accounts_reassessed'
) }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}

with expected as (
    select * from {{ ref('int_contribution__provisionals_expected') }}
    union all
    select * from {{ ref('int_contribution__regularisations_expected') }}
    union all
    select * from {{ ref('int_contribution__companies_expected') }}
)

select
    cast(charge_number as bigint) as charge_number,
    {{ account_id('account_key') }} as account_id,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    difference_reason
from expected

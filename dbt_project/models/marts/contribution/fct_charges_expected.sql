{{ config(materialized='incremental', incremental_strategy='replace_reassessed', on_schema_change='fail') }}
-- depends_on: {{ ref('int_contribution__accounts_reassessed') }}

with expected as (
    select * from {{ ref('int_contribution__provisionals_expected') }}
    union all
    select * from {{ ref('int_contribution__regularisations_expected') }}
    union all
    select * from {{ ref('int_contribution__companies_expected') }}
)

select
    {{ id_text('D', 'charge_number') }} as charge_id,
    {{ account_id('account_key') }} as account_id,
    cast(expected_amount as decimal(18, 2)) as expected_amount,
    difference_reason
from expected

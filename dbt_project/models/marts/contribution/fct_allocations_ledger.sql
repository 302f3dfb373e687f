{{ config(materialized='sliced', is_ledger=true, touched_by='account_key') }}
-- depends_on: {{ ref('int_contribution__accounts_touched') }}
-- depends_on: {{ ref('int_contribution__allocations_before') }}
-- depends_on: {{ ref('int_recovery__cohorts_before') }}

select
    allocations.account_key,
    cast({{ code_number('allocations.charge_code') }} as bigint) as charge_number,
    allocations.claim_code,
    cast({{ code_kind('allocations.credit_code') }} as tinyint) as credit_kind,
    -- The number of a relief excess is a place among those of one build: it would differ from build to build.
    cast(
        case when {{ code_kind('allocations.credit_code') }} <> 2 then {{ code_number('allocations.credit_code') }} end
        as bigint
    ) as credit_number,
    excesses.reduction_id as excess_id,
    allocations.designated,
    {{ code_date('allocations.charge_code') }} as due_date,
    {{ code_date('allocations.credit_code') }} as value_date,
    allocations.allocated_amount,
    allocations.is_sole
from {{ ref('int_contribution__allocations_unioned') }} as allocations
left join {{ ref('int_contribution__reductions_applied') }} as excesses
    -- One equality: a second condition on the left side alone would make this a loop over all pairs.
    on
        case
            when {{ code_kind('allocations.credit_code') }} = 2 then {{ code_number('allocations.credit_code') }}
        end = excesses.reduction_number
where {{ in_slice('allocations.account_key') }}

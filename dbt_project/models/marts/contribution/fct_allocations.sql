{{ config(materialized='incremental', incremental_strategy='replace_touched', on_schema_change='fail') }}
-- depends_on: {{ ref('int_contribution__accounts_touched') }}
-- depends_on: {{ ref('int_statistics__claims_before') }}
-- depends_on: {{ ref('int_recovery__cohorts_before') }}

select
    {{ account_id('allocations.account_key') }} as account_id,
    {{ id_text('D', code_number('allocations.charge_code')) }} as charge_id,
    case {{ code_kind('allocations.credit_code') }}
        when 0 then {{ id_text('P', code_number('allocations.credit_code')) }}
        when 1 then {{ id_text('D', code_number('allocations.credit_code')) }}
        else excesses.reduction_id
    end as credit_id,
    case {{ code_kind('allocations.credit_code') }}
        when 0 then 'payment'
        when 1 then 'regularisation_credit'
        else 'relief_excess'
    end as credit_type,
    allocations.designated,
    {{ code_date('allocations.credit_code') }} as value_date,
    allocations.allocated_amount
from {{ ref('int_contribution__allocations_unioned') }} as allocations
left join {{ ref('int_contribution__reductions_applied') }} as excesses
    -- One equality: a second condition on the left side alone would make this a loop over all pairs.
    on
        case
            when {{ code_kind('allocations.credit_code') }} = 2 then {{ code_number('allocations.credit_code') }}
        end = excesses.reduction_number

{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- C8: money on the charges of a case, in the stage of the case at the end of its day. What came in before the opening
-- or after the closing is not the case's.
select
    case_stages.case_id,
    case_stages.account_id,
    case_stages.stage,
    case_stages.stage_rank,
    allocations.value_date,
    allocations.collected_amount
from {{ ref('int_recovery__case_allocations') }} as allocations
inner join {{ ref('int_recovery__case_stages') }} as case_stages
    on
        allocations.case_id = case_stages.case_id
        and allocations.value_date >= case_stages.from_date
        and allocations.value_date < case_stages.before_date
where
    allocations.collected_amount is not null
    and allocations.value_date <= coalesce(case_stages.closed_date, as_of_date())
    and in_slice(allocations.account_id)
    and in_slice(case_stages.account_id)

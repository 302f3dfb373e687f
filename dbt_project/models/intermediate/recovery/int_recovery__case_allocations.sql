{{ config(materialized='sliced') }}
-- depends_on: {{ ref('int_ledger__account_slices') }}
-- Money and credits on the charges of cases, per day: a charge held by two cases counts in both. collected_amount is
-- null on a day without money, 0 on one on which as much was taken back.
select
    held.case_id,
    held.case_account_id as account_id,
    allocations.value_date,
    cast(sum(allocations.allocated_amount) as decimal(18, 2)) as allocated_amount,
    cast(
        sum(allocations.allocated_amount) filter (where allocations.credit_type = 'payment') as decimal(18, 2)
    ) as collected_amount
from {{ ref('fct_allocations') }} as allocations
inner join {{ ref('int_recovery__case_charges') }} as held on allocations.charge_id = held.charge_id
where
    allocations.value_date <= as_of_date()
    and in_slice(allocations.account_id)
    and in_slice(held.account_id)
group by held.case_id, held.case_account_id, allocations.value_date

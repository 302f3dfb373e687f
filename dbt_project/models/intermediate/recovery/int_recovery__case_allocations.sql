-- Money and credits on the charges of cases, per day: a charge held by two cases counts in both.
select
    case_charges.case_id,
    allocations.value_date,
    cast(sum(allocations.allocated_amount) as decimal(18, 2)) as allocated_amount,
    cast(
        coalesce(sum(allocations.allocated_amount) filter (where allocations.credit_kind = 0), 0)
        as decimal(18, 2)
    ) as collected_amount
from {{ ref('fct_allocations_ledger') }} as allocations
inner join {{ ref('stg_recovery_case_charges') }} as case_charges
    on allocations.charge_number = {{ id_number('case_charges.charge_id') }}
where allocations.value_date <= {{ as_of_date() }}
group by case_charges.case_id, allocations.value_date

-- Money and credits on the charges of cases, per day: a charge held by two cases counts in both. Added up by the number
-- of the case: a country has millions of days of cases, and numbers take half the memory of texts.
with daily as (
    select
        held.case_number,
        allocations.value_date,
        sum(allocations.allocated_amount) as allocated_amount,
        sum(allocations.allocated_amount) filter (where allocations.credit_kind = 0) as collected_amount
    from {{ ref('fct_allocations_ledger') }} as allocations
    inner join {{ ref('int_recovery__charges_of_cases') }} as held on allocations.charge_number = held.charge_number
    where allocations.value_date <= {{ as_of_date() }}
    group by held.case_number, allocations.value_date
),

names as (
    select distinct
        case_number,
        case_id
    from {{ ref('int_recovery__charges_of_cases') }}
)

select
    names.case_id,
    daily.value_date,
    cast(daily.allocated_amount as decimal(18, 2)) as allocated_amount,
    cast(coalesce(daily.collected_amount, 0) as decimal(18, 2)) as collected_amount
from daily
inner join names on daily.case_number = names.case_number

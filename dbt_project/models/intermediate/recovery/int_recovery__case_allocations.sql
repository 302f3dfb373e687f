-- Money and credits on the charges of cases, per day: a charge held by two cases counts in both. Cases are numbered on
-- the way: a country has millions of days of cases, and numbers take half the memory of texts.
with numbers as materialized (
    select
        case_id,
        cast(row_number() over () as integer) as case_number
    from {{ ref('stg_recovery_cases') }}
),

case_charges as (
    select
        numbers.case_number,
        {{ id_number('links.charge_id') }} as charge_number
    from {{ ref('stg_recovery_case_charges') }} as links
    inner join numbers on links.case_id = numbers.case_id
),

daily as (
    select
        case_charges.case_number,
        allocations.value_date,
        sum(allocations.allocated_amount) as allocated_amount,
        sum(allocations.allocated_amount) filter (where allocations.credit_kind = 0) as collected_amount
    from {{ ref('fct_allocations_ledger') }} as allocations
    inner join case_charges on allocations.charge_number = case_charges.charge_number
    where allocations.value_date <= {{ as_of_date() }}
    group by case_charges.case_number, allocations.value_date
)

select
    numbers.case_id,
    daily.value_date,
    cast(daily.allocated_amount as decimal(18, 2)) as allocated_amount,
    cast(coalesce(daily.collected_amount, 0) as decimal(18, 2)) as collected_amount
from daily
inner join numbers on daily.case_number = numbers.case_number

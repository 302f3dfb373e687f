-- The slices of int_recovery__states_rolled together; an account lies in one of them.
with cells as (
    select
        from_date,
        to_date,
        account_type,
        from_state,
        to_state,
        sum(debtors) as debtors,
        sum(outstanding_amount) as outstanding_amount
    from {{ ref('int_recovery__states_rolled') }}
    group by all
    having sum(debtors) <> 0 or sum(outstanding_amount) <> 0
)

select
    from_date,
    to_date,
    account_type,
    from_state,
    to_state,
    cast(debtors as bigint) as debtors,
    cast(outstanding_amount as decimal(18, 2)) as outstanding_amount,
    cast(debtors / nullif(sum(debtors) over from_row, 0) as double) as share_debtors,
    cast(outstanding_amount / nullif(sum(outstanding_amount) over from_row, 0) as double) as share_amount
from cells
window from_row as (partition by from_date, account_type, from_state)

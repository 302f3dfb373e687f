-- query: paid
-- What an account paid after the day of its promise, up to the day promised: payments as they cover
-- charges (what overpays covers none and fulfils no promise). Asked for each promise at once.
with promises as (
    select
        unnest($accounts) as account_id,
        unnest($made) as made_date,
        unnest($due) as due_date
)

select
    promises.account_id,
    cast(coalesce(sum(allocations.allocated_amount), 0) as decimal(18, 2)) as paid_amount
from promises
left join contribution.fct_allocations as allocations
    on promises.account_id = allocations.account_id
    and allocations.credit_type = 'payment'
    and allocations.value_date > promises.made_date
    and allocations.value_date <= promises.due_date
group by promises.account_id

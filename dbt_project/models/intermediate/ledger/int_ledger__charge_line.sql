-- Definitions section 2: the charges of an account, oldest due first, lie end to end on a line from 0; each is as long
-- as its designated payments leave open. All types lie on the line (A7); a charge with nothing open has no stretch.
with designated as (
    select
        charge_no,
        sum(allocated_amount) as allocated_amount
    from {{ ref('int_ledger__designated_allocations') }}
    where in_slice(account_id)
    group by charge_no
),

open_charges as (
    select
        charges.account_id,
        charges.charge_no,
        charges.due_date,
        -- 18 digits before the sort: a sum has 38, which take twice the room and the time.
        cast(charges.net_amount - coalesce(designated.allocated_amount, 0) as decimal(18, 2)) as open_amount
    from {{ ref('int_ledger__charges_netted') }} as charges
    left join designated on charges.charge_no = designated.charge_no
    where charges.net_amount > 0 and in_slice(charges.account_id)
),

lines as (
    select
        account_id,
        charge_no,
        open_amount,
        cast(sum(open_amount) over (
            partition by account_id
            order by due_date, charge_no
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as line_to
    from open_charges
    where open_amount > 0
)

select
    account_id,
    charge_no,
    cast(line_to - open_amount as decimal(18, 2)) as line_from,
    line_to
from lines

-- Definitions section 2: the charges of an account, oldest due first, end to end; each as long as its designated
-- payments leave open. A charge without open amount has no stretch, so it has no row.
with designated as (
    select
        charge_number,
        sum(allocated_amount) as allocated_amount
    from {{ ref('int_contribution__designated_allocations') }}
    where allocated_amount <> 0 and {{ in_slice('account_key') }}
    group by charge_number
),

stretches as (
    select
        charges.account_key,
        -- By due date, then by number: in the order of the line.
        {{ ledger_code('charges.due_date', 0, 'charges.charge_number') }} as charge_code,
        charges.claim_code,
        -- 18 digits, before the sort: a sum has 38, which take twice the room and the time.
        cast(
            charges.amount - coalesce(reduced.applied_amount, 0) - coalesce(designated.allocated_amount, 0)
            as decimal(18, 2)
        ) as open_amount,
        designated.charge_number is not null as has_designated
    from {{ ref('int_contribution__charges_classified') }} as charges
    left join {{ ref('int_contribution__charges_reduced') }} as reduced
        on charges.charge_number = reduced.charge_number
    left join designated
        on charges.charge_number = designated.charge_number
    where charges.amount > 0 and {{ in_slice('charges.account_key') }}
),

lines as (
    select
        account_key,
        charge_code,
        claim_code,
        open_amount,
        has_designated,
        cast(sum(open_amount) over (
            partition by account_key
            order by charge_code
            rows between unbounded preceding and current row
        ) as decimal(18, 2)) as line_to
    from stretches
    where open_amount > 0
)

select
    account_key,
    charge_code,
    claim_code,
    cast(line_to - open_amount as decimal(18, 2)) as line_from,
    line_to,
    -- Its length, where no designated payment covers a part: one credit may then settle the whole charge.
    case when not has_designated then open_amount end as sole_amount
from lines
